using System.Security.Cryptography;
using System.Text;

namespace Madrl.Policies.Tests;

public class WeightsHashTests
{
    private static readonly (string, Block)[] Tensors = [
        ("fc1.weight", Block.From([1f, -2, 3, 4, 5, 6], 2, 3)), ("fc1.bias", Block.From([0.5f, 0], 2)),
        ("Z", Block.From([1d], 1)), ("count", new Block(ElementType.Int64, [], [3, 0, 0, 0, 0, 0, 0, 0])),
        ("\uff5e", Block.From([8f], 1)), ("\U0001F600", Block.From([9f], 1))];

    [Fact]
    public void Is_the_sha256_of_the_documented_bytes()
    {
        byte[] bytes = [
            .. Encoding.UTF8.GetBytes("b\0F32\01\0"), 0, 0, 0x80, 0x3F,
            .. Encoding.UTF8.GetBytes("c\0U8\0\0"), 9];
        var hash = WeightsHash.Compute([("c", new Block(ElementType.UInt8, [], [9])), ("b", Block.From([1f], 1))]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), hash);
    }

    [Fact]
    public void Does_not_depend_on_the_order_of_the_tensors() =>
        Assert.Equal(WeightsHash.Compute(Tensors), WeightsHash.Compute(Tensors.Reverse()));

    [Fact]
    public void Two_tensors_of_one_name_are_refused() =>
        Assert.Throws<ArgumentException>(() => WeightsHash.Compute([Tensors[0], Tensors[0]]));

    [Fact]
    public async Task Python_computes_the_same_from_the_file()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("madrl-").FullName, "weights.safetensors");
        try
        {
            File.WriteAllBytes(path, Safetensors.Write(Tensors, new Dictionary<string, string> { ["run"] = "test" }));
            Assert.Equal(WeightsHash.Compute(Tensors), (await Python.RunAsync("weights_hash.py", path)).Trim());
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
