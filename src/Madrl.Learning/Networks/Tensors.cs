using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>Between managed memory and torch tensors.</summary>
public static class Tensors
{
    /// <summary>A copy of <paramref name="values"/> as a float32 tensor.</summary>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        var result = empty(shape, ScalarType.Float32);
        values.CopyTo(MemoryMarshal.Cast<byte, float>(result.bytes));
        return result;
    }

    /// <summary>A float32 or float64 block with the content of <paramref name="tensor"/>, which may lie on any device.</summary>
    public static Block ToBlock(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var type = tensor.dtype switch
        {
            ScalarType.Float32 => ElementType.Float32,
            ScalarType.Float64 => ElementType.Float64,
            ScalarType.Int64 => ElementType.Int64,
            _ => throw new ArgumentException($"A tensor of {tensor.dtype} is not stored in blocks.", nameof(tensor)),
        };
        return new Block(type, [.. tensor.shape.Select(size => checked((int)size))], tensor.cpu().contiguous().bytes.ToArray());
    }

    /// <summary>A tensor on the CPU with a copy of the block's content.</summary>
    public static Tensor FromBlock(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var type = block.Type switch
        {
            ElementType.Float32 => ScalarType.Float32,
            ElementType.Float64 => ScalarType.Float64,
            ElementType.Int64 => ScalarType.Int64,
            ElementType.Int32 => ScalarType.Int32,
            _ => ScalarType.Byte,
        };
        var result = empty([.. block.Shape.Select(size => (long)size)], type);
        block.Data.CopyTo(result.bytes);
        return result;
    }

    /// <summary>Whether a tensor's numbers are float32, in memory that the processor reads, one after another.</summary>
    internal static bool IsPlain(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU && tensor.is_contiguous();

    /// <summary>Where the numbers of a plain tensor lie, as long as the tensor lives; null for none.</summary>
    internal static unsafe float* Data(Tensor? tensor)
    {
        if (tensor is null) return null;
        fixed (byte* data = tensor.bytes) return (float*)data;
    }

    /// <summary>The tensor itself where its numbers lie one after another, else a copy in which they do.</summary>
    [return: NotNullIfNotNull(nameof(tensor))]
    internal static Tensor? Dense(Tensor? tensor) => tensor is null || tensor.is_contiguous() ? tensor : tensor.contiguous();
}
