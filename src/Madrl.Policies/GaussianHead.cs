using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>Independent normal distributions around given means.</summary>
internal static unsafe class GaussianHead
{
    /// <summary>actions = means + deviations * noise.</summary>
    /// <param name="means">The means.</param>
    /// <param name="deviations">The standard deviations.</param>
    /// <param name="random">Where the noise comes from: two numbers for every two actions.</param>
    /// <param name="actions">Receives the actions.</param>
    public static void Sample(float* means, ReadOnlySpan<float> deviations, ref KeyedRandom random, Span<float> actions)
    {
        for (var i = 0; i < actions.Length; i += 2)
        {
            var (first, second) = NextPair(ref random);
            actions[i] = float.FusedMultiplyAdd(deviations[i], first, means[i]);
            if (i + 1 < actions.Length) actions[i + 1] = float.FusedMultiplyAdd(deviations[i + 1], second, means[i + 1]);
        }
    }

    /// <summary>Two independent standard normal numbers, by Box and Muller (1958).</summary>
    internal static (float First, float Second) NextPair(ref KeyedRandom random)
    {
        // 1 - u lies in (0, 1], where the logarithm is finite.
        var radius = float.Sqrt(-2 * SingleMath.Log(1 - random.NextSingle()));
        var (sine, cosine) = SingleMath.SinCosTurns(random.NextSingle());
        return (radius * cosine, radius * sine);
    }
}
