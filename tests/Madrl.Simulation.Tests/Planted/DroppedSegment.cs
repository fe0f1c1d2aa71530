using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Simulation.Tests.Planted;

/// <summary>A checkpoint does not name the oldest of several segments of a replay.</summary>
public sealed class DroppedSegment : SimulatedParts
{
    public override IReplayMember Replay(IReplayMember replay) => new Dropping(replay);

    private sealed class Dropping(IReplayMember replay) : IReplayMember
    {
        public Task<string?> OpenAsync(
            Ticket ticket, RunSpecification run, ReplayDescription description, Checkpoint? from, CancellationToken cancellationToken) =>
            replay.OpenAsync(ticket, run, description, from, cancellationToken);

        public Task AppendAsync(Ticket ticket, int first, Rollout part) => replay.AppendAsync(ticket, first, part);

        public Task<Rollout> GatherAsync(Ticket ticket, ReplayPick[] picks) => replay.GatherAsync(ticket, picks);

        public async Task<SaveOutcome<IReadOnlyList<CheckpointFile>>> SaveAsync(Ticket ticket, CancellationToken cancellationToken)
        {
            var outcome = await replay.SaveAsync(ticket, cancellationToken);
            return outcome.Saved is { Count: > 1 } files ? outcome with { Saved = [.. files.Skip(1)] } : outcome;
        }

        public Task CloseAsync(Ticket ticket) => replay.CloseAsync(ticket);
    }
}
