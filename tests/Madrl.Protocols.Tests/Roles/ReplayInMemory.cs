using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Protocols.Tests.Roles;

/// <summary>A replay role as the learner's role asks it, without grains.</summary>
internal sealed class ReplayInMemory(ReplayRole role) : IReplayMember
{
    public Task<Rollout> GatherAsync(Ticket ticket, ReplayPick[] picks) => Task.FromResult(role.Gather(picks));

    public Task<string?> OpenAsync(
        Ticket ticket, RunSpecification run, ReplayDescription replay, Checkpoint? from, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task AppendAsync(Ticket ticket, int first, Rollout part) => throw new NotSupportedException();

    public Task<SaveOutcome<IReadOnlyList<CheckpointFile>>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task CloseAsync(Ticket ticket) => throw new NotSupportedException();
}

/// <summary>For learners that learn from rollouts.</summary>
internal static class NoReplay
{
    public static IReplayMember Of(int shard) => throw new NotSupportedException($"There is no replay of shard {shard}.");
}
