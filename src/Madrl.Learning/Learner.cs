using System.Globalization;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Learning.Networks;
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

    /// <summary>
    /// Whether the first tensor of an update that is not finite is named: batch, parameter, layer output, loss or gradient. Off by
    /// default, because networks then run layer by layer and every tensor is read: the values agree within rounding.
    /// </summary>
    public bool Checked { get; set; }

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
    /// <exception cref="NonFiniteException">A loss or a gradient became infinite or NaN, or with <see cref="Checked"/> any tensor. The weights are not to be used.</exception>
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

/// <summary>A loss or gradient became infinite or NaN; in checked mode any tensor of the update.</summary>
public sealed class NonFiniteException : InvalidOperationException
{
    /// <summary>A quantity that is reported at the end of an update.</summary>
    /// <param name="quantity">Its name.</param>
    /// <param name="when">Iteration or update, with its number.</param>
    public NonFiniteException(string quantity, string when)
        : base($"{quantity} became non-finite in {when}.") => (Quantity, Description) = (quantity, quantity);

    /// <summary>A tensor that checked mode came upon.</summary>
    /// <param name="tensor">Its name.</param>
    /// <param name="when">Iteration or update, with its number.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="index">Index of the first number that is not finite, in row-major order.</param>
    /// <param name="value">That number.</param>
    public NonFiniteException(string tensor, string when, IReadOnlyList<long> shape, long index, double value)
        : base($"{Describe(tensor, when, shape, index, value)} became non-finite.")
    {
        (Quantity, Description) = (tensor, Describe(tensor, when, shape, index, value));
        (Position, Value) = (At(shape, index), value);
    }

    /// <summary>What became non-finite.</summary>
    public string Quantity { get; }

    /// <summary>The same with all that is known of it.</summary>
    public string Description { get; }

    /// <summary>Where the first number that is not finite stands in its tensor; null where that is not known.</summary>
    public IReadOnlyList<long>? Position { get; }

    /// <summary>That number; null where it is not known.</summary>
    public double? Value { get; }

    private static string Describe(string tensor, string when, IReadOnlyList<long> shape, long index, double value) => string.Create(
        CultureInfo.InvariantCulture, $"{tensor} (of {Shapes.Text([.. shape])}, number {Shapes.Text(At(shape, index))} is {value} in {when})");

    private static long[] At(IReadOnlyList<long> shape, long index)
    {
        var position = new long[shape.Count];
        for (var axis = shape.Count - 1; axis >= 0; axis--) (index, position[axis]) = Math.DivRem(index, shape[axis]);
        return position;
    }
}
