using System.Runtime.InteropServices;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Team;

namespace Madrl.Grains;

/// <summary>An agent acting in one shard; takes the policy of an iteration from its silo when it first needs it.</summary>
[ShardPlacement]
public sealed class AgentReplicaGrain(IPolicies policies) : Grain, IAgentReplicaGrain
{
    private ReplicaRole _role = null!;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        _role = new ReplicaRole(GrainKeys.RunOf(key), GrainKeys.Number(key, 1), policies);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ActionBatch> Act(ObservationBatch observations)
    {
        var ticket = new Ticket(observations.Epoch, observations.Iteration);
        return _role.Holds(ticket) ? Task.FromResult(Act(ticket, observations)) : TakeAndActAsync(ticket, observations);
    }

    private async Task<ActionBatch> TakeAndActAsync(Ticket ticket, ObservationBatch observations)
    {
        await _role.TakeAsync(ticket);
        return Act(ticket, observations);
    }

    private ActionBatch Act(Ticket ticket, ObservationBatch batch)
    {
        var rows = batch.Observations.Shape[0];
        var shape = _role.ShapeFor(rows);
        var actions = new byte[rows * shape[1] * sizeof(float)];
        _role.Act(
            ticket, new ActingStep(batch.Mode, batch.FirstCopy, rows, batch.Step, batch.EpisodeStep), batch.Seed,
            batch.Observations.AsSingles(), MemoryMarshal.Cast<byte, float>(actions.AsSpan()));
        return new ActionBatch(new Block(ElementType.Float32, shape, actions));
    }
}
