using Madrl.Environments.Replay;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;
using Madrl.Simulation.Cluster;

namespace Madrl.Simulation.Links;

/// <summary>A shard's environment, wherever it is active.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="from">Who calls.</param>
/// <param name="shard">Number of the shard.</param>
internal sealed class EnvironmentLink(SimulatedCluster cluster, Party from, int shard) : IEnvironmentMember
{
    private readonly Calls<IEnvironmentMember> _calls = new(cluster, from, new RoleKey(RoleKind.Environment, shard));

    public Task OpenAsync(Ticket ticket, RunSpecification run, ReplayDescription? replay)
    {
        var specification = run.ToJson();
        return _calls.TellAsync("open", ticket, member => member.OpenAsync(ticket, RunSpecification.FromJson(specification), replay));
    }

    public Task<Collected> CollectAsync(Ticket ticket, CancellationToken cancellationToken) =>
        _calls.AskAsync("collect", ticket, member => member.CollectAsync(ticket, cancellationToken), isLong: true);

    public Task<double[]> EvaluateAsync(Ticket ticket, Player player, EpisodeSet set, int episodes, CancellationToken cancellationToken) =>
        _calls.AskAsync<double[]>(
            "evaluate", ticket, async member => [.. await member.EvaluateAsync(ticket, player, set, episodes, cancellationToken)], isLong: true);
}
