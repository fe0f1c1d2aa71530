using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Onnx.Tests;

/// <summary>Keyed random numbers, and how near two results must be.</summary>
internal static class Numbers
{
    private const double Tolerance = 1e-5;

    /// <summary>Numbers in [-scale, scale).</summary>
    public static float[] Uniform(int count, ulong seed, float scale)
    {
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, 0, 0, 0);
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (random.NextSingle() * 2 - 1) * scale;
        return values;
    }

    /// <summary>Weights of a policy.</summary>
    public static Block Weights(PolicyDescription description, ulong seed = 1) =>
        Block.From(Uniform(description.ParameterCount, seed, 0.5f), description.ParameterCount);

    /// <summary>Within 1e-5, absolute and relative.</summary>
    public static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance * (1 + Math.Abs(expected[i])));
    }
}
