using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>The loss terms of proximal policy optimisation, as sums over all entries where the mask is 1.</summary>
public static class PpoLosses
{
    /// <summary>
    /// The clipped surrogate objective, to be maximised (Schulman et al. 2017, equation 7).
    /// </summary>
    /// <param name="logProbability">Of the taken actions under the present policy [n, B, T].</param>
    /// <param name="oldLogProbability">Under the policy that acted [n, B, T].</param>
    /// <param name="advantages">[n, B, T].</param>
    /// <param name="mask">[B, T].</param>
    /// <param name="clip">ε.</param>
    /// <returns>A scalar.</returns>
    public static Tensor ClippedGain(Tensor logProbability, Tensor oldLogProbability, Tensor advantages, Tensor mask, double clip)
    {
        var ratio = (logProbability - oldLogProbability).exp();
        var gain = minimum(ratio * advantages, ratio.Clamped(1 - clip, 1 + clip) * advantages);
        return (gain * mask).sum();
    }

    /// <summary>Squared differences between targets and values.</summary>
    /// <param name="values">[n, B, T].</param>
    /// <param name="targets">[n, B, T].</param>
    /// <param name="mask">[B, T].</param>
    /// <returns>A scalar.</returns>
    public static Tensor SquaredError(Tensor values, Tensor targets, Tensor mask) => ((values - targets) * mask).Squared().sum();
}
