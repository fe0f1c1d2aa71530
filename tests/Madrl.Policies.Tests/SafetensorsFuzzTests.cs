using Madrl.Numerics;

namespace Madrl.Policies.Tests;

public class SafetensorsFuzzTests
{
    private static readonly byte[] Valid = Safetensors.Write(
        [("fc1.weight", Block.From([1f, 2, 3, 4, 5, 6], 2, 3)), ("steps", new Block(ElementType.Int64, [], new byte[8])),
         ("mask", new Block(ElementType.UInt8, [3], [1, 0, 1])), ("empty", Block.From(ReadOnlySpan<double>.Empty, 0))],
        new Dictionary<string, string> { ["format"] = "pt", ["run"] = "a \u00fc" });

    [Fact]
    public void Every_truncation_is_refused()
    {
        for (var length = 0; length < Valid.Length; length++)
            Assert.Throws<InvalidDataException>(() => Safetensors.Read(Valid.AsSpan(0, length)));
    }

    [Fact]
    public void Flipped_bytes_are_read_or_refused_and_nothing_else()
    {
        int read = 0, refused = 0;
        for (var trial = 0; trial < 2000; trial++)
        {
            var random = new KeyedRandom(1, RandomPurpose.Reset, trial, 0, 0);
            var file = Valid.ToArray();
            for (var flips = random.NextInt32(3); flips >= 0; flips--)
                file[random.NextInt32(file.Length)] = (byte)random.NextInt32(256);
            try
            {
                Safetensors.Read(file);
                read++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(read > 20 && refused > 1000, $"{read} files were read, {refused} refused.");
    }
}
