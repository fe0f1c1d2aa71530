using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>Choosing one of several actions from finite logits.</summary>
internal static unsafe class CategoricalHead
{
    /// <summary>Index of the largest logit, the first of equals.</summary>
    public static int Greedy(float* logits, int count)
    {
        var best = 0;
        for (var i = 1; i < count; i++)
        {
            if (logits[i] > logits[best]) best = i;
        }

        return best;
    }

    /// <summary>
    /// The first index whose cumulative softmax probability exceeds <paramref name="uniform"/> in [0, 1). An action of
    /// probability 0 is never chosen: the cumulative sum does not rise there.
    /// </summary>
    /// <param name="logits">The logits, in memory padded to whole vectors.</param>
    /// <param name="count">Number of logits.</param>
    /// <param name="uniform">A uniform random number of 24 bits.</param>
    /// <param name="cumulative">Scratch of the padded length.</param>
    public static int Sample(float* logits, int count, float uniform, float* cumulative)
    {
        var largest = Vector512.Create(logits[Greedy(logits, count)]);
        for (var i = 0; i < count; i += Vector512<float>.Count)
            SingleMath.Exp(Vector512.Load(logits + i) - largest).Store(cumulative + i);

        // Summed one by one: the order, and with it the bits, must not depend on a vector width.
        for (var i = 1; i < count; i++) cumulative[i] += cumulative[i - 1];

        // With 24 bits, uniform * total rounds to less than total, so the search ends before the last index at the latest.
        var threshold = uniform * cumulative[count - 1];
        var index = 0;
        while (index < count - 1 && cumulative[index] <= threshold) index++;
        return index;
    }
}
