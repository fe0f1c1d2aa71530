using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Policies;

namespace Madrl.Learning;

/// <summary>
/// A learner: turns rollouts into new policies. Deterministic for a device and processor type,
/// whatever the number of threads. Not thread-safe.
/// </summary>
public abstract class Learner : IDisposable
{
    /// <summary>How the acting policies are built from the weights.</summary>
    public abstract PolicyDescription Policy { get; }

    /// <summary>Learner threads in use.</summary>
    public abstract int Threads { get; }

    /// <summary>
    /// What replay it learns from; null for an on-policy learner, which learns from each iteration's rollouts once.
    /// </summary>
    public virtual ReplayDescription? Replay => null;

    /// <summary>Optimiser steps taken so far.</summary>
    public abstract long Updates { get; }

    /// <summary>The present weights of every agent's policy, flat [P], in agent order; the same block where agents share them.</summary>
    public abstract IReadOnlyList<Block> ExportPolicies();

    /// <summary>Learns from one iteration, or off-policy in one update from one replayed batch.</summary>
    /// <param name="rollouts">
    /// The rollouts of all shards, in the order of their copies; off-policy the one batch that was drawn, in the order of the
    /// draws: every transition an episode of one step, or whole episodes.
    /// </param>
    /// <param name="number">Number of the iteration, off-policy of the update: the key of every random draw.</param>
    /// <param name="progress">Part of the run that is done, in [0, 1]: what schedules go by.</param>
    /// <returns>What was measured, by name: losses, norms, entropy.</returns>
    /// <exception cref="NonFiniteException">A loss or a gradient became infinite or NaN. The weights are not to be used.</exception>
    public abstract IReadOnlyDictionary<string, double> Learn(IReadOnlyList<Rollout> rollouts, long number, double progress);

    /// <summary>Everything that learning goes on from: weights, optimiser state, statistics.</summary>
    public abstract IReadOnlyList<(string Name, Block Tensor)> Save();

    /// <summary>Takes back what <see cref="Save"/> gave.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape; the message names it.</exception>
    public abstract void Load(IReadOnlyDictionary<string, Block> tensors);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>A tensor of a checkpoint.</summary>
    internal static Block Require(IReadOnlyDictionary<string, Block> tensors, string name) =>
        tensors.TryGetValue(name, out var block) ? block : throw new InvalidDataException($"The learner's checkpoint has no tensor '{name}'.");
}

/// <summary>A loss or gradient became infinite or NaN.</summary>
public sealed class NonFiniteException(string quantity, long number)
    : InvalidOperationException($"{quantity} became non-finite in iteration {number}.")
{
    /// <summary>What became non-finite.</summary>
    public string Quantity { get; } = quantity;
}
