using System.Runtime.InteropServices;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Team;

namespace Madrl.Grains.Links;

/// <summary>Acts through the agent replicas of a shard: one grain call per agent and step, all agents at once.</summary>
internal sealed class ReplicaActors : IReplicaActors
{
    private readonly IAgentReplicaGrain[] _replicas;
    private readonly Task<ActionBatch>[] _replies;
    private readonly int[][] _shapes;
    private readonly ulong _seed;

    public ReplicaActors(IGrainFactory grains, RunSpecification run, int shard, int agents)
    {
        _seed = run.Seed;
        _replicas = [.. Enumerable.Range(0, agents).Select(agent => grains.GetGrain<IAgentReplicaGrain>(GrainKeys.Replica(run.Run, shard, agent)))];
        _replies = new Task<ActionBatch>[agents];
        _shapes = [.. Enumerable.Repeat((int[])[0, 0], agents)];
    }

    /// <summary>The iteration whose weights act.</summary>
    public Ticket Ticket { get; set; }

    public async ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
    {
        for (var agent = 0; agent < _replicas.Length; agent++)
        {
            // The collector writes the next step's observations into the same array, so the message gets its own copy.
            var block = new Block(
                ElementType.Float32, ShapeFor(agent, step.Rows, observations[agent].Length),
                MemoryMarshal.AsBytes(observations[agent].AsSpan()).ToArray());
            _replies[agent] = _replicas[agent].Act(
                new ObservationBatch(Ticket.Epoch, Ticket.Iteration, _seed, step.Mode, step.FirstCopy, step.Step, block, step.EpisodeStep));
        }

        for (var agent = 0; agent < _replicas.Length; agent++) (await _replies[agent]).Actions.AsSingles().CopyTo(actions[agent]);
    }

    /// <summary>The shape of an agent's observations; made anew only where the number of rows changes, since messages share it.</summary>
    private int[] ShapeFor(int agent, int rows, int length)
    {
        if (_shapes[agent][0] != rows) _shapes[agent] = [rows, length / rows];
        return _shapes[agent];
    }
}
