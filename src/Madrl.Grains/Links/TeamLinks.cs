using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Grains.Links;

/// <summary>The members of a run's team as grains.</summary>
/// <param name="grains">The grains.</param>
/// <param name="run">Id of the run.</param>
internal sealed class TeamLinks(IGrainFactory grains, string run) : ITeam
{
    public ILearnerMember Learner { get; } = new LearnerLink(grains.GetGrain<ILearnerGrain>(run));

    public IEnvironmentMember Environment(int shard) => new EnvironmentLink(grains.GetGrain<IEnvironmentGrain>(GrainKeys.Environment(run, shard)));

    public IReplayMember Replay(int shard) => new ReplayLink(grains.GetGrain<IReplayGrain>(GrainKeys.Replay(run, shard)), shard);

    public IAgentMember Agent(int agent) => new AgentLink(grains.GetGrain<IAgentGrain>(GrainKeys.Agent(run, agent)));

    private sealed class AgentLink(IAgentGrain grain) : IAgentMember
    {
        public Task InstallAsync(Ticket ticket) => Reach.TellAsync(() => grain.Install(ticket.Epoch, ticket.Iteration));
    }
}

/// <summary>A run's metrics as a grain.</summary>
internal sealed class MetricsLink(IMetricsGrain grain) : IMetricsMember
{
    public Task OpenAsync(Ticket ticket) => Reach.TellAsync(() => grain.Open(ticket.Epoch, ticket.Iteration));

    public Task AppendAsync(Ticket ticket, long sequence, string type, string json) =>
        Reach.TellAsync(() => grain.Append(ticket.Epoch, ticket.Iteration, sequence, type, json));

    public Task FlushAsync(Ticket ticket) => Reach.TellAsync(() => grain.Flush(ticket.Epoch, ticket.Iteration));
}
