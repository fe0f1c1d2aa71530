using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;
using Madrl.Simulation.Cluster;

namespace Madrl.Simulation.Links;

/// <summary>The members of the run's team, wherever they are active.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="from">Who calls.</param>
internal sealed class TeamLinks(SimulatedCluster cluster, Party from) : ITeam
{
    public ILearnerMember Learner { get; } = new LearnerLink(cluster, from);

    public IEnvironmentMember Environment(int shard) => new EnvironmentLink(cluster, from, shard);

    public IReplayMember Replay(int shard) => new ReplayLink(cluster, from, shard);

    public IAgentMember Agent(int agent) => new AgentLink(new Calls<IAgentMember>(cluster, from, new RoleKey(RoleKind.Agent, agent)));

    private sealed class AgentLink(Calls<IAgentMember> calls) : IAgentMember
    {
        public Task InstallAsync(Ticket ticket) => calls.TellAsync("install", ticket, member => member.InstallAsync(ticket));
    }
}

/// <summary>The run's metrics, wherever they are active.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="from">Who calls.</param>
internal sealed class MetricsLink(SimulatedCluster cluster, Party from) : IMetricsMember
{
    private readonly Calls<RunMetrics> _calls = new(cluster, from, new RoleKey(RoleKind.Metrics));

    public Task OpenAsync(Ticket ticket) => _calls.TellAsync("open", ticket, member => member.OpenAsync(ticket));

    public Task AppendAsync(Ticket ticket, long sequence, string type, string json) =>
        _calls.TellAsync("append", ticket, member => member.AppendAsync(ticket, sequence, type, json));

    public Task FlushAsync(Ticket ticket) => _calls.TellAsync("flush", ticket, member => member.FlushAsync(ticket));

    /// <summary>The events after a number.</summary>
    public Task<NumberedEvent[]> ReadAsync(long after) =>
        _calls.AskAsync("read", null, member => Task.FromResult<NumberedEvent[]>([.. member.After(after)]));
}
