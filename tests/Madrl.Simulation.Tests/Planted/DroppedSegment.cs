using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Simulation.Tests.Planted;

/// <summary>A checkpoint does not name the oldest of several segments of a replay.</summary>
public sealed class DroppedSegment : SimulatedParts
{
    public override IReplayMember Replay(IReplayMember replay) => new Dropping(replay);

    private sealed class Dropping(IReplayMember replay) : ReplayDecorator(replay)
    {
        public override async Task<SaveOutcome<IReadOnlyList<CheckpointFile>>> SaveAsync(Ticket ticket, CancellationToken cancellationToken)
        {
            var outcome = await base.SaveAsync(ticket, cancellationToken);
            return outcome.Saved is { Count: > 1 } files ? outcome with { Saved = [.. files.Skip(1)] } : outcome;
        }
    }
}
