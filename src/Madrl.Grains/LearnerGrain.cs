using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Grains.Links;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Grains;

/// <summary>The learner of a run. It awaits; the computing happens on the compute's own threads.</summary>
[LearnerPlacement]
public sealed class LearnerGrain : Grain, ILearnerGrain
{
    private readonly LearnerMember _member;

    /// <summary>A learner of this silo.</summary>
    public LearnerGrain(ILearnerComputeFactory factory, ICheckpointStore store, SiloResources silo) =>
        _member = new LearnerMember(factory, run => new TeamLinks(GrainFactory, run), store, silo.Accelerators.FirstOrDefault());

    /// <inheritdoc/>
    public async Task<LearnerOpenedReply> Open(OpenLearnerRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var checkpoint = request.Checkpoint is null ? null : JsonSerializer.Deserialize<Checkpoint>(request.Checkpoint);
            var opened = await _member.OpenAsync(
                new Ticket(request.Open.Epoch, request.Open.Iteration), RunSpecification.FromJson(request.Open.Specification), checkpoint,
                request.OnAccelerator, cancellationToken);
            return new LearnerOpenedReply(
                opened.Damaged, opened.Device, opened.Accelerator, opened.Replay is null ? null : JsonSerializer.Serialize(opened.Replay));
        }
        catch (AcceleratorUnavailableException)
        {
            // Placed anew, which deactivation alone is not: a silo that has one may have come meanwhile.
            this.MigrateOnIdle();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task Submit(RolloutMessage rollout) => _member.SubmitAsync(
        new Ticket(rollout.Epoch, rollout.Iteration), rollout.Shard, rollout.First, RolloutCodec.Decode(rollout));

    /// <inheritdoc/>
    public Task Stored(StoredMessage stored) => _member.StoredAsync(
        new Ticket(stored.Epoch, stored.Iteration), stored.Shard, [.. MemoryMarshal.Cast<byte, int>(stored.Lengths.Data)]);

    /// <inheritdoc/>
    public async Task<LearnReply> Learn(LearnRequest request, CancellationToken cancellationToken)
    {
        using var activity = Instrumentation.Activities.StartActivity("learn");
        var (started, before) = (Stopwatch.GetTimestamp(), _member.Updates);
        var learned = await _member.LearnAsync(new Ticket(request.Epoch, request.Iteration), request.Progress, cancellationToken);
        Instrumentation.LearningTime.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        Instrumentation.Updates.Add(_member.Updates - before);
        return new LearnReply(learned.Measured.ToDictionary(), learned.Updates, learned.NonFinite);
    }

    /// <inheritdoc/>
    public async Task<PoliciesReply> GetPolicies(long epoch, long iteration, long offset) =>
        PolicyCodec.Encode(await _member.PoliciesAsync(new Ticket(epoch, iteration)), offset);

    /// <inheritdoc/>
    public async Task<SaveReply> Save(long epoch, long iteration, CancellationToken cancellationToken) =>
        SaveReplies.Encode(await _member.SaveAsync(new Ticket(epoch, iteration), cancellationToken));

    /// <inheritdoc/>
    public async Task Close(long epoch, long iteration)
    {
        await _member.CloseAsync(new Ticket(epoch, iteration));
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _member.DisposeAsync().AsTask();
}
