using System.Text.Json;

namespace Madrl.Policies;

/// <summary>
/// The JSON header of a safetensors file. Whatever is wrong with it ends in an <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class SafetensorsHeader
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    private readonly List<Entry> _entries = [];

    private SafetensorsHeader(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Invalid($"The header is a JSON {root.ValueKind}, not an object.");
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == Safetensors.MetadataName) ReadMetadata(property.Value);
            else _entries.Add(ReadEntry(property.Name, property.Value));
        }
    }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8 is not [(byte)'{', ..]) throw Invalid("The header does not begin with '{'.");
        try
        {
            using var document = JsonDocument.Parse(utf8.ToArray(), Options);
            return new SafetensorsHeader(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is what System.Text.Json says of a string that is no valid Unicode.
            throw new InvalidDataException($"The header is no valid JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Checks that the tensors cover the data without gap and overlap, and puts them in that order.</summary>
    public void CheckLayout(int dataBytes)
    {
        // An empty tensor comes before the one that begins at the same place; two empty ones are ordered by name.
        _entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)) is var order and not 0
            ? order
            : string.CompareOrdinal(a.Name, b.Name));
        var position = 0L;
        foreach (var entry in _entries)
        {
            if (entry.Begin != position)
                throw Invalid($"Tensor {entry.Name} begins at byte {entry.Begin} where {position} was expected.");
            if (entry.End > dataBytes)
                throw Invalid($"Tensor {entry.Name} ends at byte {entry.End} of data of {dataBytes} bytes.");
            position = entry.End;
        }

        if (position != dataBytes)
            throw Invalid($"The tensors end at byte {position}, but {dataBytes} bytes of data follow the header.");
    }

    private static Entry ReadEntry(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Invalid($"Tensor {name} is described by no object.");
        ElementType? type = null;
        long[]? shape = null, offsets = null;
        foreach (var property in value.EnumerateObject())
        {
            if (property.Name == "dtype") type = ReadType(name, property.Value);
            else if (property.Name == "shape") shape = ReadNumbers(name, property);
            else if (property.Name == "data_offsets") offsets = ReadNumbers(name, property);
            else throw Invalid($"Tensor {name} has the unknown property {property.Name}.");
        }

        if (type is null || shape is null) throw Invalid($"Tensor {name} lacks its dtype or shape.");
        if (offsets is not [var begin, var end] || end < begin)
            throw Invalid($"Tensor {name} lacks two rising data_offsets.");

        // Sizes below 2^31, and a product that is cut off as soon as it exceeds any file, cannot overflow.
        var bytes = (long)Block.SizeOf(type.Value);
        foreach (var size in shape)
        {
            if (size > int.MaxValue) throw Invalid($"Tensor {name} has an axis of length {size}.");
            bytes = Math.Min(bytes * size, int.MaxValue + 1L);
        }

        if (bytes != end - begin)
        {
            var dimensions = string.Join(", ", shape);
            throw Invalid($"Tensor {name}: {type} [{dimensions}] does not take {end - begin} bytes, as its offsets say.");
        }

        return new Entry(name, type.Value, Array.ConvertAll(shape, size => (int)size), begin, end);
    }

    private static ElementType ReadType(string name, JsonElement value)
    {
        var dtype = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        foreach (var type in Enum.GetValues<ElementType>())
        {
            if (dtype == Safetensors.DtypeName(type)) return type;
        }

        throw Invalid($"Tensor {name} has the dtype {value.GetRawText()}, none of F32, F64, I64, I32 and U8.");
    }

    private static long[] ReadNumbers(string name, JsonProperty property)
    {
        var value = property.Value;
        if (value.ValueKind != JsonValueKind.Array) throw Invalid($"Tensor {name}: {property.Name} is no array.");
        var numbers = new long[value.GetArrayLength()];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (value[i].ValueKind != JsonValueKind.Number || !value[i].TryGetInt64(out numbers[i]) || numbers[i] < 0)
                throw Invalid($"Tensor {name}: {property.Name} holds something else than whole numbers from 0 on.");
        }

        return numbers;
    }

    private static InvalidDataException Invalid(string message) => new(message);

    private void ReadMetadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Invalid("__metadata__ is no object.");
        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw Invalid($"__metadata__: {property.Name} is no string.");
            Metadata.Add(property.Name, property.Value.GetString()!);
        }
    }

    /// <summary>A tensor: its bytes are [Begin, End) of the data.</summary>
    public sealed record Entry(string Name, ElementType Type, int[] Shape, long Begin, long End);
}
