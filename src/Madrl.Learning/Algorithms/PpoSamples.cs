using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>What an epoch goes over; the second axis of all tensors but the mask is the copy.</summary>
/// <param name="ActorInputs">[n, B, T, I].</param>
/// <param name="CriticInputs">[g, B, T, C]: g is 1 where the critic sees the state once, else n.</param>
/// <param name="Actions">[n, B, T, width].</param>
/// <param name="OldLogProbability">Of the actions, by the policies that took them [n, B, T].</param>
/// <param name="Advantages">Standardised [n, B, T].</param>
/// <param name="Targets">Of the values, standardised [n, B, T].</param>
/// <param name="Mask">1 for steps that were taken [B, T].</param>
internal sealed record PpoSamples(
    Tensor ActorInputs, Tensor CriticInputs, Tensor Actions, Tensor OldLogProbability, Tensor Advantages, Tensor Targets, Tensor Mask)
    : IDisposable
{
    /// <summary>A copy of the samples of some copies.</summary>
    public PpoSamples Select(ReadOnlySpan<long> copies)
    {
        using var index = tensor(copies.ToArray(), device: Mask.device);
        return new PpoSamples(
            ActorInputs.index_select(1, index), CriticInputs.index_select(1, index), Actions.index_select(1, index),
            OldLogProbability.index_select(1, index), Advantages.index_select(1, index), Targets.index_select(1, index),
            Mask.index_select(0, index));
    }

    /// <summary>Hands what was made in this dispose scope to the one around it; actions and mask are the batch's.</summary>
    public PpoSamples MoveToOuterScope()
    {
        foreach (var tensor in (Tensor[])[ActorInputs, CriticInputs, OldLogProbability, Advantages, Targets]) tensor.MoveToOuterDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in (Tensor[])[ActorInputs, CriticInputs, Actions, OldLogProbability, Advantages, Targets, Mask]) part.Dispose();
    }
}
