using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>What attention over sets and over graphs have in common.</summary>
internal static class AttentionHeads
{
    /// <summary>Lies below any score, and is finite: a row without anything to attend to stays free of NaN.</summary>
    private const double IgnoredScore = -1e30;

    /// <summary>[…, N, heads·F] as […, heads, N, F].</summary>
    public static Tensor Split(Tensor x, int heads) => x.view([.. x.shape[..^1], heads, x.shape[^1] / heads]).transpose(-3, -2);

    /// <summary>[…, heads, N, F] as […, N, heads·F].</summary>
    public static Tensor Join(Tensor x) => x.transpose(-3, -2).flatten(-2);

    /// <summary>
    /// The softmax over the last axis of <paramref name="scores"/>, with weight 0 where <paramref name="ignored"/>; a row in
    /// which everything is ignored has only zeros.
    /// </summary>
    /// <param name="scores">[…, heads, queries, keys].</param>
    /// <param name="ignored">Boolean, broadcast to the scores; null for nothing.</param>
    public static Tensor Weights(Tensor scores, Tensor? ignored) =>
        ignored is null ? scores.softmax(-1) : scores.Filled(ignored, IgnoredScore).softmax(-1).Filled(ignored, 0);
}
