using Madrl.Environments;
using Madrl.Policies;

namespace Madrl.Learning;

/// <summary>
/// A learner: turns the rollouts of an iteration into new policies. Deterministic for a device and processor type,
/// whatever the number of threads. Not thread-safe.
/// </summary>
public abstract class Learner : IDisposable
{
    /// <summary>How the acting policies are built from the weights.</summary>
    public abstract PolicyDescription Policy { get; }

    /// <summary>Learner threads in use.</summary>
    public abstract int Threads { get; }

    /// <summary>Optimiser steps taken so far.</summary>
    public abstract long Updates { get; }

    /// <summary>The present weights of every agent's policy, flat [P], in agent order; the same block where agents share them.</summary>
    public abstract IReadOnlyList<Block> ExportPolicies();

    /// <summary>Learns from one iteration.</summary>
    /// <param name="rollouts">The rollouts of all shards, in the order of their copies.</param>
    /// <param name="iteration">Number of the iteration: the key of every random draw.</param>
    /// <param name="progress">Part of the run that is done, in [0, 1]: what schedules go by.</param>
    /// <returns>What was measured, by name: losses, norms, entropy.</returns>
    /// <exception cref="NonFiniteException">A loss or a gradient became infinite or NaN. The weights are not to be used.</exception>
    public abstract IReadOnlyDictionary<string, double> Learn(IReadOnlyList<Rollout> rollouts, long iteration, double progress);

    /// <summary>Everything that learning goes on from: weights, optimiser state, statistics.</summary>
    public abstract IReadOnlyList<(string Name, Block Tensor)> Save();

    /// <summary>Takes back what <see cref="Save"/> gave.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape; the message names it.</exception>
    public abstract void Load(IReadOnlyDictionary<string, Block> tensors);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>A loss or gradient became infinite or NaN.</summary>
public sealed class NonFiniteException(string quantity, long iteration)
    : InvalidOperationException($"{quantity} became non-finite in iteration {iteration}.")
{
    /// <summary>What became non-finite.</summary>
    public string Quantity { get; } = quantity;
}
