using System.Text.Json;
using Madrl.Environments.Replay;
using Madrl.Grains.Abstractions;
using Madrl.Grains.Links;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Grains;

/// <summary>
/// One shard's off-policy experience, in memory; its segments lie in the checkpoint store. It is where the learner is, which draws
/// every transition many times: so a trajectory crosses the wire once.
/// </summary>
[LearnerPlacement]
public sealed class ReplayGrain(ICheckpointStore store) : Grain, IReplayGrain
{
    private ReplayMember _member = null!;

    private int Shard => GrainKeys.Number(this.GetPrimaryKeyString(), 0);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _member = new ReplayMember(Shard, store);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<string?> Open(OpenReplayRequest request, CancellationToken cancellationToken) => _member.OpenAsync(
        new Ticket(request.Open.Epoch, request.Open.Iteration), RunSpecification.FromJson(request.Open.Specification),
        JsonSerializer.Deserialize<ReplayDescription>(request.Open.Replay!)!,
        request.Checkpoint is null ? null : JsonSerializer.Deserialize<Checkpoint>(request.Checkpoint), cancellationToken);

    /// <inheritdoc/>
    public Task Append(RolloutMessage rollout) =>
        _member.AppendAsync(new Ticket(rollout.Epoch, rollout.Iteration), rollout.First, RolloutCodec.Decode(rollout));

    /// <inheritdoc/>
    public async Task<RolloutMessage> Gather(GatherRequest request)
    {
        var ticket = new Ticket(request.Epoch, request.Iteration);
        return RolloutCodec.Encode(ticket, Shard, 0, await _member.GatherAsync(ticket, ReplayLink.Decode(request.Picks)));
    }

    /// <inheritdoc/>
    public async Task<SaveReply> Save(long epoch, long iteration, CancellationToken cancellationToken) =>
        SaveReplies.Encode(await _member.SaveAsync(new Ticket(epoch, iteration), cancellationToken));

    /// <inheritdoc/>
    public async Task Close(long epoch, long iteration)
    {
        await _member.CloseAsync(new Ticket(epoch, iteration));
        DeactivateOnIdle();
    }
}
