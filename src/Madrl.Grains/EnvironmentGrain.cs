using System.Text.Json;
using Madrl.Environments.Replay;
using Madrl.Grains.Abstractions;
using Madrl.Grains.Links;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Grains;

/// <summary>One shard's environment copies. They act through the shard's replicas and feed the run's learner or replay.</summary>
[ShardPlacement]
public sealed class EnvironmentGrain : Grain, IEnvironmentGrain
{
    private EnvironmentMember _member = null!;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var shard = GrainKeys.Number(this.GetPrimaryKeyString(), 0);
        _member = new EnvironmentMember(
            shard, run => new TeamLinks(GrainFactory, run), (run, game) => new ReplicaActors(GrainFactory, run, shard, game.Agents.Count));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Open(OpenRequest request) => _member.OpenAsync(
        new Ticket(request.Epoch, request.Iteration), RunSpecification.FromJson(request.Specification),
        request.Replay is null ? null : JsonSerializer.Deserialize<ReplayDescription>(request.Replay));

    /// <inheritdoc/>
    public async Task<CollectReceipt> Collect(long epoch, long iteration, CancellationToken cancellationToken)
    {
        using var activity = Instrumentation.Activities.StartActivity("collect");
        var collected = await _member.CollectAsync(new Ticket(epoch, iteration), cancellationToken);
        Instrumentation.EnvironmentSteps.Add(collected.Steps);
        return new CollectReceipt(collected.Steps);
    }

    /// <inheritdoc/>
    public async Task<EvaluationReply> Evaluate(EvaluateRequest request, CancellationToken cancellationToken)
    {
        var returns = await _member.EvaluateAsync(
            new Ticket(request.Epoch, request.Iteration), request.Player, request.Set, request.Episodes, cancellationToken);
        return new EvaluationReply(Block.From(returns, returns.Length));
    }
}
