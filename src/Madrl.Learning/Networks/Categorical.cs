using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>The distribution over discrete actions that logits describe; actions may be unavailable.</summary>
public static class Categorical
{
    private const double UnavailableLogit = -1e10;

    /// <summary>
    /// The logits with -1e10 where an action is unavailable (EPyMARL's convention): its probability is exactly 0 and no gradient
    /// passes. Where nothing is available, all actions are equally probable.
    /// </summary>
    /// <param name="logits">[…, A].</param>
    /// <param name="available">[…, A], 0 where an action is unavailable.</param>
    public static Tensor Mask(Tensor logits, Tensor available) => logits.Filled(available.logical_not(), UnavailableLogit);

    /// <summary>
    /// Log-probabilities […, A] of all actions, for logits […, A]: written out, because over so short an axis libtorch's own
    /// takes three times as long.
    /// </summary>
    public static Tensor LogProbabilities(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var shifted = logits - logits.detach().amax([-1], keepdim: true);
        return shifted - shifted.exp().sum(-1, keepdim: true).log();
    }

    /// <summary>Log-probabilities […] of the actions taken.</summary>
    /// <param name="logProbabilities">[…, A].</param>
    /// <param name="actions">Indices of actions […, 1], of any type.</param>
    public static Tensor Chosen(Tensor logProbabilities, Tensor actions) =>
        logProbabilities.gather(-1, actions.to(ScalarType.Int64)).squeeze(-1);

    /// <summary>The entropies -Σ p log p […], in nats, for log-probabilities […, A]; an unavailable action adds exactly 0.</summary>
    public static Tensor Entropy(Tensor logProbabilities) => (logProbabilities.exp() * logProbabilities).sum(-1).neg();

    /// <summary>Indices of actions […, 1], of any type, as one-hot rows […, A] of float32.</summary>
    /// <param name="actions">The indices.</param>
    /// <param name="count">A.</param>
    public static Tensor OneHot(Tensor actions, int count)
    {
        ArgumentNullException.ThrowIfNull(actions);
        if (!Tensors.IsPlain(actions)) return nn.functional.one_hot(actions.squeeze(-1).to(ScalarType.Int64), count).to(ScalarType.Float32);

        // One operation instead of four.
        var shape = actions.shape;
        shape[^1] = count;
        var rows = zeros(shape);
        var indices = MemoryMarshal.Cast<byte, float>(actions.bytes);
        var numbers = MemoryMarshal.Cast<byte, float>(rows.bytes);
        for (var row = 0; row < indices.Length; row++) numbers.Slice(row * count, count)[(int)indices[row]] = 1;
        GC.KeepAlive(actions);
        return rows;
    }
}
