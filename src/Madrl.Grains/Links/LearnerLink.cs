using System.Runtime.InteropServices;
using System.Text.Json;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Grains.Links;

/// <summary>A run's learner as a grain.</summary>
internal sealed class LearnerLink(ILearnerGrain grain) : ILearnerMember
{
    public async Task<LearnerOpened> OpenAsync(
        Ticket ticket, RunSpecification run, Checkpoint? from, bool? onAccelerator, CancellationToken cancellationToken)
    {
        var request = new OpenLearnerRequest(
            new OpenRequest(ticket.Epoch, ticket.Iteration, run.ToJson()), from is null ? null : JsonSerializer.Serialize(from), onAccelerator);
        var reply = await Reach.AskAsync(() => grain.Open(request, cancellationToken));
        var replay = reply.Replay is null ? null : JsonSerializer.Deserialize<ReplayDescription>(reply.Replay);
        return new LearnerOpened(reply.Damaged, reply.Device, reply.Accelerator, replay);
    }

    public Task SubmitAsync(Ticket ticket, int shard, int first, Rollout part) =>
        Reach.TellAsync(() => grain.Submit(RolloutCodec.Encode(ticket, shard, first, part)));

    public Task StoredAsync(Ticket ticket, int shard, int[] lengths)
    {
        var block = new Block(ElementType.Int32, [lengths.Length], MemoryMarshal.AsBytes(lengths.AsSpan()).ToArray());
        return Reach.TellAsync(() => grain.Stored(new StoredMessage(ticket.Epoch, ticket.Iteration, shard, block)));
    }

    public async Task<Learned> LearnAsync(Ticket ticket, double progress, CancellationToken cancellationToken)
    {
        var reply = await Reach.AskAsync(() => grain.Learn(new LearnRequest(ticket.Epoch, ticket.Iteration, progress), cancellationToken));
        return new Learned(reply.Measured, reply.Updates, reply.NonFinite);
    }

    public Task<PolicySet> PoliciesAsync(Ticket ticket) =>
        PolicyCodec.FetchAsync(offset => Reach.AskAsync(() => grain.GetPolicies(ticket.Epoch, ticket.Iteration, offset)));

    public async Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
        SaveReplies.Decode<SavedLearner>(await Reach.AskAsync(() => grain.Save(ticket.Epoch, ticket.Iteration, cancellationToken)));

    public Task CloseAsync(Ticket ticket) => Reach.TellAsync(() => grain.Close(ticket.Epoch, ticket.Iteration));
}
