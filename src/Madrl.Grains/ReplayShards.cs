using System.Runtime.InteropServices;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Grains;

/// <summary>The replay of a run's shards as grains.</summary>
internal sealed class ReplayShards(IGrainFactory grains, RunSpecification run, GameSpec game) : IReplayShards
{
    /// <summary>Numbers of a pick in a message: iteration, copy, step.</summary>
    private const int Width = 3;

    public async Task<Rollout> GatherAsync(Ticket ticket, int shard, ReplayPick[] picks)
    {
        var request = new GatherRequest(ticket.Epoch, ticket.Iteration, Encode(picks));
        return RolloutCodec.Decode(await grains.GetGrain<IReplayGrain>(GrainKeys.Replay(run.Run, shard)).Gather(request), game);
    }

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
