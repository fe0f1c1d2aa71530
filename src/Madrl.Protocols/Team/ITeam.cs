using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Policies;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Team;

/// <summary>What opening the learner gave.</summary>
/// <param name="Damaged">Null, or why the checkpoint cannot be used: nothing was opened then.</param>
/// <param name="Device">What the learner computes on.</param>
/// <param name="Accelerator">The accelerator that it learns on; null for a processor.</param>
/// <param name="Replay">What replay it wants; null where it learns from each iteration's rollouts once.</param>
public sealed record LearnerOpened(string? Damaged, string Device, string? Accelerator, ReplayDescription? Replay);

/// <summary>
/// The members of a run's team, wherever they live: in a cluster, grains. Every call may be repeated with the same ticket, and
/// is refused once a later epoch has spoken (<see cref="StaleEpochException"/>), or where the member was not opened for the
/// ticket's epoch (<see cref="NotOpenedException"/>). One that cannot be reached is <see cref="UnavailableException"/>.
/// </summary>
public interface ITeam
{
    /// <summary>The learner.</summary>
    ILearnerMember Learner { get; }

    /// <summary>The environment of a shard.</summary>
    IEnvironmentMember Environment(int shard);

    /// <summary>The replay of a shard.</summary>
    IReplayMember Replay(int shard);

    /// <summary>An agent.</summary>
    IAgentMember Agent(int agent);
}

/// <summary>The learner of a run.</summary>
public interface ILearnerMember
{
    /// <summary>Opens it for an epoch, from a checkpoint or (null) fresh.</summary>
    /// <param name="ticket">Epoch and barrier.</param>
    /// <param name="run">The run.</param>
    /// <param name="from">The checkpoint.</param>
    /// <param name="onAccelerator">Whether it learns on an accelerator; null for whatever its silo has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AcceleratorUnavailableException">It must, and has none.</exception>
    Task<LearnerOpened> OpenAsync(Ticket ticket, RunSpecification run, Checkpoint? from, bool? onAccelerator, CancellationToken cancellationToken);

    /// <summary>Takes consecutive copies of one shard's rollout: all of them, or as many as a message holds.</summary>
    /// <param name="ticket">The iteration.</param>
    /// <param name="shard">Number of the shard.</param>
    /// <param name="first">Index within the shard of the first copy.</param>
    /// <param name="part">The copies' episodes.</param>
    Task SubmitAsync(Ticket ticket, int shard, int first, Rollout part);

    /// <summary>Takes the lengths of the episodes that one shard put into its replay.</summary>
    Task StoredAsync(Ticket ticket, int shard, int[] lengths);

    /// <summary>Learns from what all shards submitted or stored.</summary>
    Task<Learned> LearnAsync(Ticket ticket, double progress, CancellationToken cancellationToken);

    /// <summary>The policies for one iteration, and no others.</summary>
    /// <exception cref="WrongVersionException">The learner holds those of another iteration.</exception>
    Task<PolicySet> PoliciesAsync(Ticket ticket);

    /// <summary>Writes its files of a checkpoint.</summary>
    Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket, CancellationToken cancellationToken);

    /// <summary>Frees what it holds; the run has ended or stopped.</summary>
    Task CloseAsync(Ticket ticket);
}

/// <summary>One shard's copies of the environment.</summary>
public interface IEnvironmentMember
{
    /// <summary>Opens it for an epoch.</summary>
    Task OpenAsync(Ticket ticket, RunSpecification run, ReplayDescription? replay);

    /// <summary>Plays one episode in every copy, and hands the rollout to the learner or the shard's replay.</summary>
    Task<Collected> CollectAsync(Ticket ticket, CancellationToken cancellationToken);

    /// <summary>Returns of the shard's part of an episode set, in episode order.</summary>
    Task<double[]> EvaluateAsync(Ticket ticket, Player player, EpisodeSet set, int episodes, CancellationToken cancellationToken);
}

/// <summary>One shard's replay.</summary>
public interface IReplayMember
{
    /// <summary>Opens it for an epoch, from a checkpoint or (null) empty.</summary>
    /// <returns>Null, or why the checkpoint cannot be used.</returns>
    Task<string?> OpenAsync(Ticket ticket, RunSpecification run, ReplayDescription replay, Checkpoint? from, CancellationToken cancellationToken);

    /// <summary>Stores consecutive copies of an iteration's rollout: all of them, or as many as a message holds.</summary>
    /// <param name="ticket">The iteration.</param>
    /// <param name="first">Index within the shard of the first copy.</param>
    /// <param name="part">The copies' episodes.</param>
    Task AppendAsync(Ticket ticket, int first, Rollout part);

    /// <summary>What the learner drew, in the order of the picks.</summary>
    Task<Rollout> GatherAsync(Ticket ticket, ReplayPick[] picks);

    /// <summary>Writes what came since the last checkpoint; names all files that hold something of the replay.</summary>
    Task<SaveOutcome<IReadOnlyList<CheckpointFile>>> SaveAsync(Ticket ticket, CancellationToken cancellationToken);

    /// <summary>Frees what it holds; the run has ended or stopped.</summary>
    Task CloseAsync(Ticket ticket);
}

/// <summary>An agent.</summary>
public interface IAgentMember
{
    /// <summary>Puts the policy for an iteration in force.</summary>
    Task InstallAsync(Ticket ticket);
}

/// <summary>The policies that act, as a silo knows them: fetched from the learner once for all who ask there.</summary>
public interface IPolicies
{
    /// <summary>The policies of exactly one iteration.</summary>
    /// <exception cref="WrongVersionException">The learner no longer holds them, or not yet.</exception>
    ValueTask<PolicySet> GetAsync(string run, Ticket ticket);
}

/// <summary>Who acts for a shard's agents: their replicas.</summary>
public interface IReplicaActors : IActors
{
    /// <summary>The iteration whose policies act.</summary>
    Ticket Ticket { get; set; }
}
