using System.Threading.Tasks.Sources;
using Madrl.Environments;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Team;
using Madrl.Simulation.Cluster;

namespace Madrl.Simulation.Links;

/// <summary>
/// Acts through the replicas of a shard. The collector does not ask to go on in the turn that it came from, so a task would
/// take it to a pool's thread; this source goes on in the turn that completes it.
/// </summary>
internal sealed class ReplicaLinks : IReplicaActors, IValueTaskSource
{
    private readonly Calls<Replica>[] _replicas;
    private readonly ulong _seed;
    private ManualResetValueTaskSourceCore<bool> _acted;

    public ReplicaLinks(SimulatedCluster cluster, Party from, RunSpecification run, int shard, int agents)
    {
        _seed = run.Seed;
        _replicas = [.. Enumerable.Range(0, agents).Select(agent => new Calls<Replica>(cluster, from, new RoleKey(RoleKind.Replica, shard, agent)))];
    }

    /// <inheritdoc/>
    public Ticket Ticket { get; set; }

    /// <inheritdoc/>
    public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
    {
        _acted.Reset();
        var acting = AskAsync(step, observations, actions);
        return new ValueTask(this, _acted.Version);
    }

    void IValueTaskSource.GetResult(short token) => _acted.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _acted.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _acted.OnCompleted(continuation, state, token, flags);

    private async Task AskAsync(ActingStep step, float[][] observations, float[][] actions)
    {
        try
        {
            var ticket = Ticket;
            var chosen = await Task.WhenAll(_replicas.Select((replica, agent) =>
            {
                float[] sent = [.. observations[agent]];
                return replica.AskAsync("act", ticket, member => member.ActAsync(ticket, step, _seed, sent));
            }));
            for (var agent = 0; agent < chosen.Length; agent++) chosen[agent].CopyTo(actions[agent], 0);
        }
        catch (Exception error)
        {
            _acted.SetException(error);
            return;
        }

        _acted.SetResult(true);
    }
}

/// <summary>What a replica's activation holds.</summary>
/// <param name="role">The role.</param>
internal sealed class Replica(ReplicaRole role)
{
    /// <summary>Actions [K, width] with the policy of exactly the ticket's iteration.</summary>
    public async Task<float[]> ActAsync(Ticket ticket, ActingStep step, ulong seed, float[] observations)
    {
        if (!role.Holds(ticket)) await role.TakeAsync(ticket);
        var actions = new float[step.Rows * role.ShapeFor(step.Rows)[1]];
        role.Act(ticket, step, seed, observations, actions);
        return actions;
    }
}
