using System.Buffers.Binary;
using System.Text;
using FsCheck.Fluent;
using FsCheck;
using Madrl.Tests.Shared;

namespace Madrl.Policies.Tests;

public class SafetensorsTests
{
    public static TheoryData<string> ReferenceFiles =>
        [.. ReferenceData.Files("nn", "*.safetensors"), .. ReferenceData.Files("updates", "*.safetensors")];

    [Theory]
    [MemberData(nameof(ReferenceFiles))]
    public void Reads_what_python_wrote_and_keeps_it_through_its_own_form(string path)
    {
        var file = Safetensors.Read(File.ReadAllBytes(ReferenceData.PathOf(path)));
        Assert.NotEmpty(file.Tensors);
        var bytes = Safetensors.Write([.. file.Tensors.Select(pair => (pair.Key, pair.Value))], file.Metadata);
        var again = Safetensors.Read(bytes);
        Assert.Equal(file.Metadata, again.Metadata);
        Assert.Equal(file.Tensors.Keys.Order(StringComparer.Ordinal), again.Tensors.Keys);
        foreach (var (name, tensor) in again.Tensors) AssertSame(file.Tensors[name], tensor);
    }

    [Fact]
    public void Any_tensors_and_metadata_come_back()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<Dictionary<string, float[]>, Dictionary<string, string>>((arrays, strings) =>
        {
            var tensors = arrays.Where(pair => IsText(pair.Key))
                .Select(pair => (pair.Key, Tensor: Block.From(pair.Value, pair.Value.Length))).ToArray();
            var metadata = strings.Where(pair => IsText(pair.Key) && IsText(pair.Value)).ToDictionary();
            var file = Safetensors.Read(Safetensors.Write(tensors, metadata));
            return file.Tensors.Count == tensors.Length
                && tensors.All(tensor => file.Tensors[tensor.Key].Data.AsSpan().SequenceEqual(tensor.Tensor.Data))
                && file.Metadata.OrderBy(pair => pair.Key).SequenceEqual(metadata.OrderBy(pair => pair.Key));
        }));
    }

    [Fact]
    public void The_file_is_canonical_and_laid_out_as_the_format_says()
    {
        (string, Block)[] tensors = [
            ("b", Block.From([1f, 2f], 2)), ("a", new Block(ElementType.UInt8, [], [7])), ("B", Block.From([3d], 1, 1))];
        var metadata = new Dictionary<string, string> { ["z"] = "1", ["k"] = "\u00e9" };
        var file = Safetensors.Write(tensors, metadata);
        Assert.Equal(file, Safetensors.Write([.. tensors.Reverse()], metadata.Reverse().ToDictionary()));

        const string expected =
            """{"__metadata__":{"k":"\u00E9","z":"1"},"B":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"a":""" +
            """{"dtype":"U8","shape":[],"data_offsets":[8,9]},"b":{"dtype":"F32","shape":[2],"data_offsets":[9,17]}}""";
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        Assert.Equal(expected, Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(8 + length + 17, file.Length);
        Assert.Equal(3, BitConverter.ToDouble(file, 8 + length));
        Assert.Equal(7, file[8 + length + 8]);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "ends at byte 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "9 bytes of data follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "Float32 [3] does not take 8 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296],"data_offsets":[0,8]}}""", 8, "axis of length 4294967296")]
    [InlineData("""{"a":{"dtype":"I64","shape":[2147483647,2147483647,8],"data_offsets":[0,8]}}""", 8, "does not take 8 bytes")]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}""", 8, "dtype \"F16\"")]
    [InlineData("""{"a":{"dtype":3,"shape":[4],"data_offsets":[0,8]}}""", 8, "dtype 3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "shape holds something else")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "shape holds something else")]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8, "shape is no array")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "rising data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""", 8, "rising data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "lacks two rising data_offsets")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "lacks its dtype or shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":1}}""", 8, "unknown property extra")]
    [InlineData("""{"a":[1]}""", 0, "described by no object")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[4,7]}}""", 7, "a begins at byte 4 where 0 was expected")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "no valid JSON")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "k is no string")]
    [InlineData("""{"__metadata__":"k"}""", 0, "__metadata__ is no object")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "no valid JSON")]
    [InlineData(""" {}""", 0, "does not begin with")]
    [InlineData("""{},""", 0, "no valid JSON")]
    [InlineData("", 0, "does not begin with")]
    public void A_header_that_breaks_the_format_is_refused_with_the_reason(string header, int dataBytes, string reason)
    {
        var file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        Encoding.ASCII.GetBytes(header, file.AsSpan(8));
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Read(file));
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("b", 6, "b begins at byte 4 where 6 was expected")]
    [InlineData("b", 3, "b begins at byte 4 where 3 was expected")]
    [InlineData("a", 4, "no valid JSON")]
    public void Overlaps_gaps_and_duplicate_names_are_refused(string second, int firstEnd, string reason) =>
        A_header_that_breaks_the_format_is_refused_with_the_reason(
            $$"""
            {"a":{"dtype":"U8","shape":[{{firstEnd}}],"data_offsets":[0,{{firstEnd}}]},
            "{{second}}":{"dtype":"U8","shape":[4],"data_offsets":[4,8]} }
            """, 8, reason);

    [Theory]
    [InlineData(100_000_001UL, "more than the allowed")]
    [InlineData(ulong.MaxValue, "more than the allowed")]
    [InlineData(9UL, "only 8 follow")]
    public void An_impossible_header_length_is_refused(ulong length, string reason)
    {
        var file = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Safetensors.Read(file)).Message);
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        var none = new Dictionary<string, string>();
        var tensor = Block.From([1f], 1);
        Assert.Throws<ArgumentException>(() => Safetensors.Write([("a", tensor), ("a", tensor)], none));
        Assert.Throws<ArgumentException>(() => Safetensors.Write([("__metadata__", tensor)], none));
        Assert.Throws<ArgumentException>(() => Safetensors.Write([("a", tensor with { Shape = [2] })], none));
    }

    /// <summary>Not null, and no half of a surrogate pair alone: those have no UTF-8.</summary>
    private static bool IsText(string? text) => text is not (null or "__metadata__") && !text.Any(char.IsSurrogate);

    private static void AssertSame(Block expected, Block actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Data, actual.Data);
    }
}
