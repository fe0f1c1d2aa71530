using System.Runtime.InteropServices;

namespace Madrl.Policies;

/// <summary>Type of a tensor's elements.</summary>
public enum ElementType : byte
{
    /// <summary>32-bit float.</summary>
    Float32 = 0,

    /// <summary>64-bit float.</summary>
    Float64 = 1,

    /// <summary>64-bit integer.</summary>
    Int64 = 2,

    /// <summary>32-bit integer.</summary>
    Int32 = 3,

    /// <summary>Byte.</summary>
    UInt8 = 4,
}

/// <summary>
/// A tensor as it travels and lies in files: immutable little-endian row-major bytes, element type and shape.
/// The block owns <paramref name="Data"/>: whoever makes one hands the array over and never writes it again.
/// </summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Shape; empty for a scalar.</param>
/// <param name="Data">The bytes.</param>
public sealed record Block(ElementType Type, IReadOnlyList<int> Shape, byte[] Data)
{
    /// <summary>Elements in the tensor.</summary>
    public int Count => Data.Length / SizeOf(Type);

    /// <summary>The elements as float32, without a copy.</summary>
    /// <exception cref="InvalidOperationException">The block has another element type.</exception>
    public ReadOnlySpan<float> AsSingles() => View<float>(ElementType.Float32);

    /// <summary>The elements as float64, without a copy.</summary>
    /// <exception cref="InvalidOperationException">The block has another element type.</exception>
    public ReadOnlySpan<double> AsDoubles() => View<double>(ElementType.Float64);

    /// <summary>A float32 block with a copy of <paramref name="values"/>.</summary>
    public static Block From(ReadOnlySpan<float> values, params IReadOnlyList<int> shape) =>
        new(ElementType.Float32, Checked(shape, values.Length), MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A float64 block with a copy of <paramref name="values"/>.</summary>
    public static Block From(ReadOnlySpan<double> values, params IReadOnlyList<int> shape) =>
        new(ElementType.Float64, Checked(shape, values.Length), MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Bytes that one element takes.</summary>
    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Float32 or ElementType.Int32 => 4,
        ElementType.Float64 or ElementType.Int64 => 8,
        ElementType.UInt8 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type."),
    };

    private ReadOnlySpan<T> View<T>(ElementType wanted)
        where T : struct =>
        Type == wanted
            ? MemoryMarshal.Cast<byte, T>(Data)
            : throw new InvalidOperationException($"The block holds {Type}, not {wanted}.");

    private static IReadOnlyList<int> Checked(IReadOnlyList<int> shape, int count)
    {
        var product = shape.Aggregate(1L, (total, size) => total * size);
        return product == count
            ? shape
            : throw new ArgumentException($"Shape [{string.Join(", ", shape)}] holds {product} elements, not {count}.", nameof(shape));
    }
}
