using System.Runtime.InteropServices;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;

namespace Madrl.Grains;

/// <summary>Between a rollout and the message that carries it. A message owns its buffers, so both ways copy.</summary>
internal static class RolloutCodec
{
    public static RolloutMessage Encode(Ticket ticket, int shard, int first, Rollout rollout)
    {
        var copies = rollout.Copies;
        return new RolloutMessage(
            ticket.Epoch, ticket.Iteration, shard, first,
            [.. rollout.Observations.Select(values => Rows(values, copies))],
            [.. rollout.Actions.Select(values => Rows(values, copies))],
            [.. rollout.Rewards.Select(values => Rows(values, copies))],
            Rows(rollout.States, copies),
            new Block(ElementType.Int32, [copies], MemoryMarshal.AsBytes(rollout.Lengths.AsSpan()).ToArray()),
            new Block(ElementType.UInt8, [copies], MemoryMarshal.AsBytes(rollout.Terminated.AsSpan()).ToArray()));
    }

    public static Rollout Decode(RolloutMessage message) => new(
        Values(message.Observations), Values(message.Actions), Values(message.Rewards), message.States.AsSingles().ToArray(),
        MemoryMarshal.Cast<byte, int>(message.Lengths.Data).ToArray(), MemoryMarshal.Cast<byte, bool>(message.Terminated.Data).ToArray());

    private static Block Rows(float[] values, int copies) => Block.From(values, copies, values.Length / copies);

    private static float[][] Values(Block[] blocks) => [.. blocks.Select(block => block.AsSingles().ToArray())];
}
