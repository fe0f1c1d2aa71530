using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;
using Madrl.Simulation.Cluster;

namespace Madrl.Simulation.Links;

/// <summary>A shard's replay, wherever it is active.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="from">Who calls.</param>
/// <param name="shard">Number of the shard.</param>
internal sealed class ReplayLink(SimulatedCluster cluster, Party from, int shard) : IReplayMember
{
    private readonly Calls<IReplayMember> _calls = new(cluster, from, new RoleKey(RoleKind.Replay, shard));

    public Task<string?> OpenAsync(
        Ticket ticket, RunSpecification run, ReplayDescription replay, Checkpoint? from, CancellationToken cancellationToken)
    {
        var (specification, checkpoint) = (run.ToJson(), Copies.ToJson(from));
        return _calls.AskAsync("open", ticket, member => member.OpenAsync(
            ticket, RunSpecification.FromJson(specification), replay, Copies.FromJson<Checkpoint>(checkpoint), cancellationToken), isLong: true);
    }

    public Task AppendAsync(Ticket ticket, int first, Rollout part)
    {
        var sent = Copies.Of(part);
        return _calls.TellAsync("append", ticket, member => member.AppendAsync(ticket, first, Copies.Of(sent)), isLong: true);
    }

    public Task<Rollout> GatherAsync(Ticket ticket, ReplayPick[] picks)
    {
        ReplayPick[] sent = [.. picks];
        return _calls.AskAsync("gather", ticket, async member => Copies.Of(await member.GatherAsync(ticket, [.. sent])), isLong: true);
    }

    public Task<SaveOutcome<IReadOnlyList<CheckpointFile>>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
        _calls.AskAsync("save", ticket, async member => Copies.ByJson(await member.SaveAsync(ticket, cancellationToken)), isLong: true);

    public Task CloseAsync(Ticket ticket) => _calls.TellAsync("close", ticket, member => member.CloseAsync(ticket));
}
