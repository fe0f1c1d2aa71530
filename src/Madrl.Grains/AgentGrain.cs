using System.Runtime.InteropServices;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Grains;

/// <summary>An agent: keeps its weights for the replicas, and acts on its own outside training.</summary>
public sealed class AgentGrain : Grain, IAgentGrain
{
    private AgentRole _role = null!;
    private WeightsMessage? _message;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _role = new AgentRole(GrainKeys.Number(this.GetPrimaryKeyString(), 0));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Install(WeightsMessage weights)
    {
        if (_role.Install(Versions.Decode(weights))) _message = weights;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<WeightsMessage> GetWeights(long epoch, long iteration)
    {
        _role.Require(new Ticket(epoch, iteration));
        return Task.FromResult(_message!);
    }

    /// <inheritdoc/>
    public Task<ActionBatch> Act(Block observations)
    {
        var policy = _role.Policy();
        var rows = observations.Shape[0];
        var actions = new byte[rows * policy.ActionSize * sizeof(float)];
        policy.Act(observations.AsSingles(), rows, new ActionKey(Seed: 0, Greedy: true, FirstCopy: 0, Step: 0), MemoryMarshal.Cast<byte, float>(actions.AsSpan()));
        return Task.FromResult(new ActionBatch(new Block(ElementType.Float32, [rows, policy.ActionSize], actions)));
    }
}
