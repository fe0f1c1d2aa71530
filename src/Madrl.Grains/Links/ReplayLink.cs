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

/// <summary>A shard's replay as a grain.</summary>
internal sealed class ReplayLink(IReplayGrain grain, int shard) : IReplayMember
{
    /// <summary>Numbers of a pick in a message: iteration, copy, step.</summary>
    private const int Width = 3;

    public Task<string?> OpenAsync(
        Ticket ticket, RunSpecification run, ReplayDescription replay, Checkpoint? from, CancellationToken cancellationToken)
    {
        var open = new OpenRequest(ticket.Epoch, ticket.Iteration, run.ToJson(), JsonSerializer.Serialize(replay));
        return Reach.AskAsync(() => grain.Open(new OpenReplayRequest(open, from is null ? null : JsonSerializer.Serialize(from)), cancellationToken));
    }

    public Task AppendAsync(Ticket ticket, int first, Rollout part) =>
        Reach.TellAsync(() => grain.Append(RolloutCodec.Encode(ticket, shard, first, part)));

    public async Task<Rollout> GatherAsync(Ticket ticket, ReplayPick[] picks)
    {
        var request = new GatherRequest(ticket.Epoch, ticket.Iteration, Encode(picks));
        return RolloutCodec.Decode(await Reach.AskAsync(() => grain.Gather(request)));
    }

    public async Task<SaveOutcome<IReadOnlyList<CheckpointFile>>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
        SaveReplies.Decode<IReadOnlyList<CheckpointFile>>(await Reach.AskAsync(() => grain.Save(ticket.Epoch, ticket.Iteration, cancellationToken)));

    public Task CloseAsync(Ticket ticket) => Reach.TellAsync(() => grain.Close(ticket.Epoch, ticket.Iteration));

    public static ReplayPick[] Decode(Block block)
    {
        var numbers = MemoryMarshal.Cast<byte, long>(block.Data);
        var picks = new ReplayPick[numbers.Length / Width];
        for (var row = 0; row < picks.Length; row++)
            picks[row] = new ReplayPick(numbers[Width * row], (int)numbers[Width * row + 1], (int)numbers[Width * row + 2]);
        return picks;
    }

    private static Block Encode(ReplayPick[] picks)
    {
        var data = new byte[picks.Length * Width * sizeof(long)];
        var numbers = MemoryMarshal.Cast<byte, long>(data.AsSpan());
        for (var row = 0; row < picks.Length; row++)
            (numbers[Width * row], numbers[Width * row + 1], numbers[Width * row + 2]) = (picks[row].Iteration, picks[row].Copy, picks[row].Step);
        return new Block(ElementType.Int64, [picks.Length, Width], data);
    }
}
