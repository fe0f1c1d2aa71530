using System.Globalization;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Policies;

namespace Madrl.Protocols.Roles;

/// <summary>The policies of all agents: how they are built, and the flat weights [P] of each in agent order.</summary>
/// <param name="Description">How each policy is built.</param>
/// <param name="Weights">One block per agent; the same block where they share parameters.</param>
public sealed record PolicySet(PolicyDescription Description, IReadOnlyList<Block> Weights)
{
    /// <summary>What the names begin with where all agents share one policy.</summary>
    public const string SharedPrefix = "agent.";

    /// <summary>What the names of one agent's own policy begin with.</summary>
    public static string Prefix(int agent) => string.Create(CultureInfo.InvariantCulture, $"agents.{agent}.");

    /// <summary>
    /// The weights by PyTorch name: <c>agent.…</c> where all agents share one policy, else <c>agents.i.…</c>.
    /// </summary>
    public IReadOnlyList<(string Name, Block Tensor)> Named() =>
        Weights.All(block => ReferenceEquals(block, Weights[0]))
            ? [.. PolicyWeights.ToNamed(Description, Weights[0], SharedPrefix)]
            : [.. Weights.SelectMany((block, agent) => PolicyWeights.ToNamed(Description, block, Prefix(agent)))];

    /// <summary>The policies from what <see cref="Named"/> gave: shared where all names say so.</summary>
    /// <param name="description">How each policy is built.</param>
    /// <param name="named">Tensors by name.</param>
    /// <param name="agents">Agents, at least 1.</param>
    /// <exception cref="ArgumentException">A parameter is missing or one too many, or has another type or shape.</exception>
    public static PolicySet FromNamed(PolicyDescription description, IReadOnlyDictionary<string, Block> named, int agents)
    {
        ArgumentNullException.ThrowIfNull(named);
        Block Weights(string prefix) => PolicyWeights.FromNamed(description, named, prefix);
        if (named.Keys.All(name => name.StartsWith(SharedPrefix, StringComparison.Ordinal)))
            return new PolicySet(description, [.. Enumerable.Repeat(Weights(SharedPrefix), agents)]);
        if (named.Keys.Any(name => name.StartsWith(Prefix(agents), StringComparison.Ordinal)))
            throw new ArgumentException($"There are policies of more agents than {agents}.");
        return new PolicySet(description, [.. Enumerable.Range(0, agents).Select(agent => Weights(Prefix(agent)))]);
    }
}

/// <summary>What one iteration of learning gave.</summary>
/// <param name="Policies">The new policies.</param>
/// <param name="Measured">Losses, norms, entropy by name.</param>
/// <param name="Updates">Optimiser steps so far.</param>
/// <param name="NonFinite">Null, or what became infinite or NaN: then the policies are not to be used.</param>
public sealed record LearnedPolicies(PolicySet Policies, IReadOnlyDictionary<string, double> Measured, long Updates, string? NonFinite);

/// <summary>
/// Where learning is computed: on threads of its own, away from the grain scheduler. One caller at a time.
/// </summary>
public interface ILearnerCompute : IAsyncDisposable
{
    /// <summary>What it computes on: <c>cpu</c>, <c>cuda:0</c> …</summary>
    string Device { get; }

    /// <summary>What replay it learns from; null where it learns from each iteration's rollouts once.</summary>
    ReplayDescription? Replay { get; }

    /// <summary>The present policies.</summary>
    Task<PolicySet> PoliciesAsync();

    /// <summary>Learns from the rollouts of one iteration, given in global order, or makes one update from one replayed batch.</summary>
    /// <param name="rollouts">The rollouts, or the batch.</param>
    /// <param name="number">Number of the iteration, or of the update.</param>
    /// <param name="progress">Part of the run that is done, in [0, 1].</param>
    Task<LearnedPolicies> LearnAsync(IReadOnlyList<Rollout> rollouts, long number, double progress);

    /// <summary>Everything that learning goes on from.</summary>
    Task<IReadOnlyList<(string Name, Block Tensor)>> SaveAsync();

    /// <summary>Takes back what <see cref="SaveAsync"/> gave.</summary>
    Task LoadAsync(IReadOnlyDictionary<string, Block> tensors);
}

/// <summary>Makes the compute of a run.</summary>
public interface ILearnerComputeFactory
{
    /// <summary>A learner with fresh weights.</summary>
    /// <param name="run">The run.</param>
    /// <param name="game">The run's game.</param>
    /// <param name="accelerator">What it computes on, such as <c>cuda:0</c>; null for a processor.</param>
    Task<ILearnerCompute> CreateAsync(RunSpecification run, GameSpec game, string? accelerator = null);
}
