using System.Text.Json;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Grains;

/// <summary>One shard's environment copies. They act through the shard's replicas and feed the run's learner or replay.</summary>
[ShardPlacement]
public sealed class EnvironmentGrain : Grain, IEnvironmentGrain
{
    private readonly Fence _fence = new();
    private RunSpecification? _run;
    private EnvironmentRole? _role;
    private ReplicaActors? _replicas;
    private ReplayDescription? _replay;
    private int _shard;

    /// <inheritdoc/>
    public Task Open(OpenRequest request)
    {
        _fence.Admit(new Ticket(request.Epoch, request.Iteration));
        _replay = request.Replay is null ? null : JsonSerializer.Deserialize<ReplayDescription>(request.Replay);
        if (_role is not null) return Task.CompletedTask;
        _shard = GrainKeys.Number(this.GetPrimaryKeyString(), 0);
        _run = RunSpecification.FromJson(request.Specification);
        _role = new EnvironmentRole(_run, _shard);
        _replicas = new ReplicaActors(GrainFactory, _run, _shard, _role.Game.Agents.Count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<CollectReceipt> Collect(long epoch, long iteration, CancellationToken cancellationToken)
    {
        var ticket = new Ticket(epoch, iteration);
        return _fence.OnceAsync(nameof(Collect), ticket, async () =>
        {
            var (role, run, replicas) = Opened();
            using var activity = Instrumentation.Activities.StartActivity("collect");
            replicas.Ticket = ticket;
            var rollout = await role.CollectAsync(replicas, iteration);
            cancellationToken.ThrowIfCancellationRequested();
            await HandOverAsync(ticket, run, rollout);
            var steps = rollout.Lengths.Sum(length => (long)length);
            Instrumentation.EnvironmentSteps.Add(steps);
            return new CollectReceipt(steps);
        });
    }

    /// <inheritdoc/>
    public async Task<EvaluationReply> Evaluate(EvaluateRequest request, CancellationToken cancellationToken)
    {
        var ticket = new Ticket(request.Epoch, request.Iteration);
        _fence.Admit(ticket);
        var (role, run, replicas) = Opened();
        replicas.Ticket = ticket;
        var returns = await role.EvaluateAsync(
            game => request.Player switch
            {
                Player.Random => new RandomActors(game.Spec, run.Seed),
                Player.Scripted => new ScriptedActors(game),
                _ => replicas,
            },
            request.Set, request.Episodes, _shard);
        return new EvaluationReply(Block.From(returns, returns.Length));
    }

    /// <summary>Straight to the learner, or into the shard's replay, of which the learner is told.</summary>
    private async Task HandOverAsync(Ticket ticket, RunSpecification run, Rollout rollout)
    {
        var learner = GrainFactory.GetGrain<ILearnerGrain>(run.Run);
        if (_replay is null)
        {
            await learner.Submit(RolloutCodec.Encode(ticket, _shard, rollout));
            return;
        }

        var message = RolloutCodec.Encode(ticket, _shard, rollout, _replay.KeepsStates);
        await GrainFactory.GetGrain<IReplayGrain>(GrainKeys.Replay(run.Run, _shard)).Append(message);
        await learner.Stored(new StoredMessage(ticket.Epoch, ticket.Iteration, _shard, message.Lengths));
    }

    private (EnvironmentRole Role, RunSpecification Run, ReplicaActors Replicas) Opened() =>
        _role is not null ? (_role, _run!, _replicas!) : throw new InvalidOperationException("The environment shard was not opened in this activation.");
}
