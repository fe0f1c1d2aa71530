using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Madrl.Policies;

/// <summary>
/// The safetensors format: an unsigned 64-bit little-endian header length, a JSON header that maps each name to dtype,
/// shape and data offsets, then the raw little-endian row-major data.
/// </summary>
public static class Safetensors
{
    internal const string MetadataName = "__metadata__";
    internal const int LengthBytes = sizeof(ulong);
    internal const int MaximumHeaderBytes = 100_000_000;
    private const int HeaderAlignment = 8;

    /// <summary>
    /// The canonical file with the given content: the same tensors and metadata give the same bytes, whatever their
    /// order. Names are in ordinal order, in the header and in the data; the header is padded with spaces to a multiple of 8.
    /// </summary>
    /// <param name="tensors">The tensors, in any order.</param>
    /// <param name="metadata">Strings that go along; may be empty.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, a name is reserved, a tensor's bytes do not
    /// match its shape, or all together do not fit into one array.</exception>
    public static byte[] Write(
        IReadOnlyList<(string Name, Block Tensor)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        var ordered = tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToArray();
        var dataBytes = CheckedLength(ordered);

        var header = new ArrayBufferWriter<byte>();
        WriteHeader(header, ordered, metadata);
        var padding = -header.WrittenCount & (HeaderAlignment - 1);
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);
        if (LengthBytes + (long)header.WrittenCount + dataBytes > Array.MaxLength)
            throw new ArgumentException($"{dataBytes} bytes of tensors do not fit into one file.", nameof(tensors));

        var file = new byte[LengthBytes + header.WrittenCount + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.WrittenCount);
        header.WrittenSpan.CopyTo(file.AsSpan(LengthBytes));
        var rest = file.AsSpan(LengthBytes + header.WrittenCount);
        foreach (var (_, tensor) in ordered)
        {
            tensor.Data.CopyTo(rest);
            rest = rest[tensor.Data.Length..];
        }

        return file;
    }

    /// <summary>Reads a file, canonical or not. The blocks are copies: the file's bytes may be reused.</summary>
    /// <exception cref="InvalidDataException">The file breaks the format; the message says where.</exception>
    public static SafetensorsFile Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < LengthBytes)
            throw new InvalidDataException($"The file has {file.Length} bytes, the header's length alone takes {LengthBytes}.");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > MaximumHeaderBytes)
            throw new InvalidDataException($"The header claims {length} bytes, more than the allowed {MaximumHeaderBytes}.");
        if (length > (ulong)(file.Length - LengthBytes))
            throw new InvalidDataException($"The header claims {length} bytes, but only {file.Length - LengthBytes} follow.");

        var data = file[(LengthBytes + (int)length)..];
        var header = SafetensorsHeader.Parse(file.Slice(LengthBytes, (int)length));
        header.CheckLayout(data.Length);
        var tensors = new OrderedDictionary<string, Block>(header.Entries.Count, StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            var bytes = data[(int)entry.Begin..(int)entry.End].ToArray();
            tensors.Add(entry.Name, new Block(entry.Type, entry.Shape, bytes));
        }

        return new SafetensorsFile(tensors, header.Metadata);
    }

    /// <summary>The format's name of an element type.</summary>
    internal static string DtypeName(ElementType type) => type switch
    {
        ElementType.Float32 => "F32",
        ElementType.Float64 => "F64",
        ElementType.Int64 => "I64",
        ElementType.Int32 => "I32",
        ElementType.UInt8 => "U8",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type."),
    };

    private static long CheckedLength(ReadOnlySpan<(string Name, Block Tensor)> ordered)
    {
        var total = 0L;
        for (var i = 0; i < ordered.Length; i++)
        {
            var (name, tensor) = ordered[i];
            if (name == MetadataName) throw new ArgumentException($"The name {MetadataName} is reserved.", "tensors");
            if (i > 0 && name == ordered[i - 1].Name) throw new ArgumentException($"Two tensors are named {name}.", "tensors");
            var shapeBytes = tensor.Shape.Aggregate((Int128)Block.SizeOf(tensor.Type), (product, size) => product * size);
            if (shapeBytes != tensor.Data.Length || tensor.Shape.Any(size => size < 0))
            {
                var message = $"takes {shapeBytes} bytes, not {tensor.Data.Length}.";
                throw new ArgumentException($"Tensor {name} [{string.Join(", ", tensor.Shape)}] {message}", "tensors");
            }

            total += tensor.Data.Length;
        }

        return total;
    }

    private static void WriteHeader(
        ArrayBufferWriter<byte> header,
        IEnumerable<(string Name, Block Tensor)> ordered,
        IReadOnlyDictionary<string, string> metadata)
    {
        using var json = new Utf8JsonWriter(header);
        json.WriteStartObject();
        if (metadata.Count > 0)
        {
            json.WriteStartObject(MetadataName);
            foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
            json.WriteEndObject();
        }

        var offset = 0L;
        foreach (var (name, tensor) in ordered)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", DtypeName(tensor.Type));
            WriteArray(json, "shape", tensor.Shape.Select(size => (long)size));
            WriteArray(json, "data_offsets", [offset, offset + tensor.Data.Length]);
            json.WriteEndObject();
            offset += tensor.Data.Length;
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
