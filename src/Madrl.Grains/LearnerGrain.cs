using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Grains;

/// <summary>The learner of a run. It awaits; the computing happens on the compute's own threads.</summary>
[LearnerPlacement]
public sealed class LearnerGrain(ILearnerComputeFactory factory, ICheckpointStore store) : Grain, ILearnerGrain
{
    private readonly Fence _fence = new();
    private LearnerRole? _role;
    private GameSpec? _game;
    private long _updates;

    /// <inheritdoc/>
    public Task<LearnerOpened> Open(OpenLearnerRequest request, CancellationToken cancellationToken)
    {
        var ticket = new Ticket(request.Open.Epoch, request.Open.Iteration);
        return _fence.OnceAsync($"{nameof(Open)} {request.Checkpoint}", ticket, async () =>
        {
            await DisposeRoleAsync();
            var run = RunSpecification.FromJson(request.Open.Specification);
            _game = run.CreateGame(1).Spec;
            _role = new LearnerRole(run, _game, await factory.CreateAsync(run, _game), new ReplayShards(GrainFactory, run, _game), store);
            var checkpoint = request.Checkpoint is null ? null : JsonSerializer.Deserialize<Checkpoint>(request.Checkpoint);
            _updates = checkpoint?.Updates ?? 0;
            try
            {
                if (checkpoint is not null) await _role.RestoreAsync(checkpoint, cancellationToken);
            }
            catch (CheckpointDamagedException error)
            {
                return new LearnerOpened(error.Message, _role.Device, [], null);
            }

            return new LearnerOpened(
                null, _role.Device, Versions.Encode(ticket, await _role.PoliciesAsync()),
                _role.Replay is null ? null : JsonSerializer.Serialize(_role.Replay));
        });
    }

    /// <inheritdoc/>
    public Task Submit(RolloutMessage rollout)
    {
        var ticket = new Ticket(rollout.Epoch, rollout.Iteration);
        _fence.Admit(ticket);
        Opened().Submit(ticket, rollout.Shard, RolloutCodec.Decode(rollout, _game!));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Stored(StoredMessage stored)
    {
        var ticket = new Ticket(stored.Epoch, stored.Iteration);
        _fence.Admit(ticket);
        Opened().Stored(ticket, stored.Shard, [.. MemoryMarshal.Cast<byte, int>(stored.Lengths.Data)]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<LearnReply> Learn(LearnRequest request, CancellationToken cancellationToken)
    {
        var ticket = new Ticket(request.Epoch, request.Iteration);
        return _fence.OnceAsync(nameof(Learn), ticket, async () =>
        {
            using var activity = Instrumentation.Activities.StartActivity("learn");
            var started = Stopwatch.GetTimestamp();
            var learned = await Opened().LearnAsync(ticket, request.Progress);
            Instrumentation.LearningTime.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
            Instrumentation.Updates.Add(learned.Updates - _updates);
            _updates = learned.Updates;
            var next = ticket with { Iteration = ticket.Iteration + 1 };
            return new LearnReply(Versions.Encode(next, learned.Policies), learned.Measured.ToDictionary(), learned.Updates, learned.NonFinite);
        });
    }

    /// <inheritdoc/>
    public Task<SaveReply> Save(long epoch, long iteration, CancellationToken cancellationToken) =>
        _fence.OnceAsync(
            nameof(Save), new Ticket(epoch, iteration), () => SaveReplies.OfAsync(() => Opened().SaveAsync(iteration, cancellationToken)));

    /// <inheritdoc/>
    public async Task Close(long epoch, long iteration)
    {
        _fence.Admit(new Ticket(epoch, iteration));
        await DisposeRoleAsync();
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => DisposeRoleAsync();

    private LearnerRole Opened() => _role ?? throw new InvalidOperationException("The learner was not opened in this activation.");

    private async Task DisposeRoleAsync()
    {
        if (_role is not null) await _role.DisposeAsync();
        _role = null;
    }
}
