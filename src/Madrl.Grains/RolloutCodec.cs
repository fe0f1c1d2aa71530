using System.Runtime.InteropServices;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;

namespace Madrl.Grains;

/// <summary>Between a shard's rollout and the message that carries it. A message owns its buffers, so both ways copy.</summary>
internal static class RolloutCodec
{
    public static RolloutMessage Encode(Ticket ticket, int shard, Rollout rollout, bool states = true)
    {
        var copies = rollout.Copies;
        var message = new RolloutMessage(
            ticket.Epoch, ticket.Iteration, shard,
            [.. rollout.Observations.Select(values => Rows(values, copies))],
            [.. rollout.Actions.Select(values => Rows(values, copies))],
            [.. rollout.Rewards.Select(values => Rows(values, copies))],
            states ? Rows(rollout.States, copies) : Block.From(ReadOnlySpan<float>.Empty, 0),
            new Block(ElementType.Int32, [copies], MemoryMarshal.AsBytes(rollout.Lengths.AsSpan()).ToArray()),
            new Block(ElementType.UInt8, [copies], MemoryMarshal.AsBytes(rollout.Terminated.AsSpan()).ToArray()));
        return message.PayloadBytes <= IPayload.MaxBytes
            ? message
            : throw new InvalidOperationException(
                $"The rollout of shard {shard} takes {message.PayloadBytes:N0} bytes; a message holds {IPayload.MaxBytes:N0}. Use more shards or fewer copies.");
    }

    public static Rollout Decode(RolloutMessage message, GameSpec game)
    {
        var rollout = new Rollout(game, message.Lengths.Count, message.Rewards[0].Shape[1], message.States.Count > 0);
        for (var agent = 0; agent < game.Agents.Count; agent++)
        {
            message.Observations[agent].AsSingles().CopyTo(rollout.Observations[agent]);
            message.Actions[agent].AsSingles().CopyTo(rollout.Actions[agent]);
            message.Rewards[agent].AsSingles().CopyTo(rollout.Rewards[agent]);
        }

        message.States.AsSingles().CopyTo(rollout.States);
        MemoryMarshal.Cast<byte, int>(message.Lengths.Data).CopyTo(rollout.Lengths);
        MemoryMarshal.Cast<byte, bool>(message.Terminated.Data).CopyTo(rollout.Terminated);
        return rollout;
    }

    private static Block Rows(float[] values, int copies) => Block.From(values, copies, values.Length / copies);
}
