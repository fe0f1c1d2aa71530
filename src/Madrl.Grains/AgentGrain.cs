using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Grains;

/// <summary>
/// An agent: keeps its weights for the replicas, and acts on its own outside training: with the weights in force, or those of
/// its run's last checkpoint where training has not installed any in this activation.
/// </summary>
[ShardPlacement]
public sealed class AgentGrain(ICheckpointStore store, IPolicies policies) : Grain, IAgentGrain
{
    private AgentRole _role = null!;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        _role = new AgentRole(GrainKeys.RunOf(key), GrainKeys.Number(key, 0), policies);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Install(long epoch, long iteration) => _role.InstallAsync(new Ticket(epoch, iteration));

    /// <inheritdoc/>
    public Task<AgentActions> Act(Block observations) =>
        _role.Current is null ? LoadAndActAsync(observations) : Task.FromResult(ActNow(observations));

    /// <inheritdoc/>
    public async Task<AgentDescription> Describe()
    {
        if (_role.Current is null) await LoadAsync();
        var current = _role.Current!;
        return new AgentDescription(
            current.Ticket.Iteration, PolicyJson.ToJson(current.Description), Convert.ToHexStringLower(SHA256.HashData(current.Weights.Data)));
    }

    /// <inheritdoc/>
    public Task Forget()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task<AgentActions> LoadAndActAsync(Block observations)
    {
        await LoadAsync();
        return ActNow(observations);
    }

    private AgentActions ActNow(Block observations)
    {
        var policy = _role.Policy();
        var size = policy.Description.ObservationSize;
        if (observations.Shape is not [var rows, var columns] || columns != size || rows < 1)
            throw new ArgumentException($"The agent observes {size} numbers: give [rows, {size}], not [{string.Join(", ", observations.Shape)}].", nameof(observations));
        var actions = new byte[rows * policy.ActionSize * sizeof(float)];
        policy.Act(observations.AsSingles(), rows, new ActionKey(Seed: 0, Greedy: true, FirstCopy: 0, Step: 0), MemoryMarshal.Cast<byte, float>(actions.AsSpan()));
        return new AgentActions(_role.Current!.Ticket.Iteration, new Block(ElementType.Float32, [rows, policy.ActionSize], actions));
    }

    /// <summary>Takes the weights of the run's last checkpoint. They are of epoch 0, so that training overrules them.</summary>
    private async Task LoadAsync()
    {
        var key = this.GetPrimaryKeyString();
        var run = GrainKeys.RunOf(key);
        var status = await GrainFactory.GetGrain<IRunCatalogGrain>(IRunCatalogGrain.Key).GetStatus(run);
        var agent = GrainKeys.Number(key, 0);
        if (status.Agents.Length > 0 && agent >= status.Agents.Length)
            throw new ArgumentException($"Run {run} has agents 0 to {status.Agents.Length - 1}, not {agent}.");
        var last = JsonSerializer.Deserialize<RunState>(status.Results)!.Checkpoints.LastOrDefault()
            ?? throw new RunUnavailableException($"The agents of {run} have no weights yet: the run has no checkpoint.");
        var saved = await CheckpointPolicies.ReadAsync(store, run, last, status.Agents.Length, CancellationToken.None);
        _role.Install(new Ticket(0, last.Iteration), saved);
    }
}
