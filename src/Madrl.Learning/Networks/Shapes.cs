using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>How a layer says that it was given the wrong shape.</summary>
internal static class Shapes
{
    /// <summary>A shape as people write it: <c>[2, 5, 16]</c>.</summary>
    public static string Text(params ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    /// <summary>The error for a tensor whose shape does not fit.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="takes">The shape it takes.</param>
    /// <param name="given">What it was given.</param>
    /// <param name="argument">Name of the argument.</param>
    public static ArgumentException Unfit(string layer, string takes, Tensor given, string argument) =>
        new($"{layer} takes {argument} {takes}, not {Text(given.shape)}.", argument);

    /// <summary>Whether two tensors agree in their first dimensions, which both have; a shape as an array would take 150 bytes.</summary>
    public static bool Agree(Tensor one, Tensor other, long dimensions)
    {
        for (var dimension = 0; dimension < dimensions; dimension++)
        {
            if (one.size(dimension) != other.size(dimension)) return false;
        }

        return true;
    }
}
