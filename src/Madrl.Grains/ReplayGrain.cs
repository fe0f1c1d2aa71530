using System.Text.Json;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Grains;

/// <summary>One shard's off-policy experience, in memory; its segments lie in the checkpoint store.</summary>
[ShardPlacement]
public sealed class ReplayGrain(ICheckpointStore store) : Grain, IReplayGrain
{
    private readonly Fence _fence = new();
    private ReplayRole? _role;
    private GameSpec? _game;
    private int _shard;

    /// <inheritdoc/>
    public Task<string?> Open(OpenReplayRequest request, CancellationToken cancellationToken)
    {
        _fence.Admit(new Ticket(request.Open.Epoch, request.Open.Iteration));
        var run = RunSpecification.FromJson(request.Open.Specification);
        _shard = GrainKeys.Number(this.GetPrimaryKeyString(), 0);
        _game = run.CreateGame(1).Spec;
        var replay = JsonSerializer.Deserialize<ReplayDescription>(request.Open.Replay!)!;
        _role = new ReplayRole(run, _game, replay, _shard, store);
        return RestoreAsync(_role, request.Checkpoint, cancellationToken);
    }

    /// <inheritdoc/>
    public Task Append(RolloutMessage rollout)
    {
        _fence.Admit(new Ticket(rollout.Epoch, rollout.Iteration));
        Opened().Append(rollout.Iteration, RolloutCodec.Decode(rollout, _game!));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<RolloutMessage> Gather(GatherRequest request)
    {
        var ticket = new Ticket(request.Epoch, request.Iteration);
        _fence.Admit(ticket);
        return Task.FromResult(RolloutCodec.Encode(ticket, _shard, Opened().Gather(ReplayShards.Decode(request.Picks))));
    }

    /// <inheritdoc/>
    public Task<SaveReply> Save(long epoch, long iteration, CancellationToken cancellationToken) =>
        _fence.OnceAsync(
            nameof(Save), new Ticket(epoch, iteration), () => SaveReplies.OfAsync(() => Opened().SaveAsync(iteration, cancellationToken)));

    /// <inheritdoc/>
    public Task Close(long epoch, long iteration)
    {
        _fence.Admit(new Ticket(epoch, iteration));
        _role = null;
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private static async Task<string?> RestoreAsync(ReplayRole role, string? checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            if (checkpoint is not null) await role.RestoreAsync(JsonSerializer.Deserialize<Checkpoint>(checkpoint)!, cancellationToken);
            return null;
        }
        catch (CheckpointDamagedException error)
        {
            return error.Message;
        }
    }

    private ReplayRole Opened() =>
        _role ?? throw new InvalidOperationException("The replay was not opened in this activation.");
}
