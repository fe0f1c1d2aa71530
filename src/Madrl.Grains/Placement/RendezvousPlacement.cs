using Orleans.Placement;
using Orleans.Runtime;

namespace Madrl.Grains.Placement;

/// <summary>
/// Puts a grain on the silo that the rendezvous hash of the first parts of its key picks among the silos with a role, by
/// their names. It is a decision about a new activation: one that exists stays where it is when silos join or leave.
/// </summary>
/// <param name="role">The role that the silo must have.</param>
/// <param name="keyParts">How many parts of the key are hashed; grains that agree in them come together.</param>
public abstract class RendezvousPlacement(string role, int keyParts) : PlacementStrategy
{
    /// <summary>The role that the silo must have.</summary>
    public string Role => role;

    /// <summary>Whether a silo with an accelerator goes before all that have none.</summary>
    public virtual bool PrefersAccelerator => false;

    /// <summary>What is hashed of a grain's key.</summary>
    /// <param name="key">The key, as <see cref="Abstractions.GrainKeys"/> makes it.</param>
    public string HashedPart(string key) => string.Join('/', key.Split('/').Take(keyParts));
}

/// <summary>By the first two parts of the key: what acts in a shard comes together, and shards spread over the agents' silos.</summary>
public sealed class ShardPlacement() : RendezvousPlacement(SiloResources.Agents, keyParts: 2);

/// <inheritdoc cref="ShardPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShardPlacementAttribute() : PlacementAttribute(new ShardPlacement());

/// <summary>By the run: what directs a run comes together, and runs spread over the agents' silos.</summary>
public sealed class RunPlacement() : RendezvousPlacement(SiloResources.Agents, keyParts: 1);

/// <inheritdoc cref="RunPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RunPlacementAttribute() : PlacementAttribute(new RunPlacement());

/// <summary>
/// By the run, among the learners' silos; where any of them has an accelerator, among those alone: the learner and its replays come
/// together. A learner that had to go elsewhere stays there when an accelerator comes (back), until it migrates.
/// </summary>
public sealed class LearnerPlacement() : RendezvousPlacement(SiloResources.Learners, keyParts: 1)
{
    /// <inheritdoc/>
    public override bool PrefersAccelerator => true;
}

/// <inheritdoc cref="LearnerPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LearnerPlacementAttribute() : PlacementAttribute(new LearnerPlacement());
