using System.Runtime.InteropServices;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Grains;

/// <summary>An agent acting in one shard; fetches the weights of an iteration from its agent when it first needs them.</summary>
[ShardPlacement]
public sealed class AgentReplicaGrain : Grain, IAgentReplicaGrain
{
    private ReplicaRole _role = null!;
    private IAgentGrain _agent = null!;
    private int[] _shape = [];

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var agent = GrainKeys.Number(key, 1);
        _role = new ReplicaRole(agent);
        _agent = GrainFactory.GetGrain<IAgentGrain>(GrainKeys.Agent(GrainKeys.RunOf(key), agent));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ActionBatch> Act(ObservationBatch observations)
    {
        var ticket = new Ticket(observations.Epoch, observations.Iteration);
        return _role.Needs(ticket) ? FetchAndActAsync(ticket, observations) : Task.FromResult(Act(ticket, observations));
    }

    private async Task<ActionBatch> FetchAndActAsync(Ticket ticket, ObservationBatch observations)
    {
        _role.Use(Versions.Decode(await _agent.GetWeights(ticket.Epoch, ticket.Iteration)));
        return Act(ticket, observations);
    }

    private ActionBatch Act(Ticket ticket, ObservationBatch batch)
    {
        var rows = batch.Observations.Shape[0];
        if (_shape.Length == 0 || _shape[0] != rows) _shape = [rows, _role.ActionSize];
        var actions = new byte[rows * _role.ActionSize * sizeof(float)];
        _role.Act(
            ticket, new ActingStep(batch.Mode, batch.FirstCopy, rows, batch.Step, batch.EpisodeStep), batch.Seed,
            batch.Observations.AsSingles(), MemoryMarshal.Cast<byte, float>(actions.AsSpan()));
        return new ActionBatch(new Block(ElementType.Float32, _shape, actions));
    }
}
