using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Simulation.Tests.Planted;

/// <summary>A replay that passes every call on.</summary>
public abstract class ReplayDecorator(IReplayMember replay) : IReplayMember
{
    public virtual Task<string?> OpenAsync(
        Ticket ticket, RunSpecification run, ReplayDescription description, Checkpoint? from, CancellationToken cancellationToken) =>
        replay.OpenAsync(ticket, run, description, from, cancellationToken);

    public virtual Task AppendAsync(Ticket ticket, int first, Rollout part) => replay.AppendAsync(ticket, first, part);

    public virtual Task<Rollout> GatherAsync(Ticket ticket, ReplayPick[] picks) => replay.GatherAsync(ticket, picks);

    public virtual Task<SaveOutcome<IReadOnlyList<CheckpointFile>>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
        replay.SaveAsync(ticket, cancellationToken);

    public virtual Task CloseAsync(Ticket ticket) => replay.CloseAsync(ticket);
}
