using Madrl.Grains.Abstractions;
using Madrl.Policies;

namespace Madrl.Cluster.Tests;

/// <summary>Like a message of ours, but not marked immutable.</summary>
[GenerateSerializer, Alias("madrl.tests.Mutable")]
public sealed record MutableMessage([property: Id(0)] byte[] Data);

public interface IMessageProbe : IGrainWithStringKey
{
    Task<PoliciesReply> Keep(PoliciesReply message);

    Task<Block> KeepBlock([Immutable] Block block);

    Task<MutableMessage> KeepMutable(MutableMessage message);
}

[PlaceByKey]
public sealed class MessageProbe : Grain, IMessageProbe
{
    public static object? Kept { get; private set; }

    public Task<PoliciesReply> Keep(PoliciesReply message)
    {
        Kept = message;
        return Task.FromResult(message);
    }

    public Task<Block> KeepBlock(Block block)
    {
        Kept = block;
        return Task.FromResult(block);
    }

    public Task<MutableMessage> KeepMutable(MutableMessage message)
    {
        Kept = message;
        return Task.FromResult(message);
    }
}

/// <summary>
/// A message marked [Immutable] is handed over as it is where caller and grain share a silo, and arrives equal where they do
/// not. So a step of an environment copies no observations, and a message owns its buffer and is not written after sending.
/// </summary>
public class MessageTests(TwoSilos silos)
{
    private static readonly Block _block = Block.From([1f, float.NaN, float.NegativeInfinity, -0f, float.Epsilon, 3f], 2, 3);
    private static readonly PoliciesReply _message = new("{\"é\":1}", [0, 0], 24, _block);

    [Fact]
    public async Task Within_a_silo_it_is_the_same_object_both_ways()
    {
        var grain = silos.From(1).GetGrain<IMessageProbe>("local@1");
        var answer = await grain.Keep(_message);
        Assert.Same(_message, MessageProbe.Kept);
        Assert.Same(_message, answer);

        // The parameter is marked, the result cannot be: the block is made anew, around the same bytes.
        var block = await grain.KeepBlock(_block);
        Assert.Same(_block, MessageProbe.Kept);
        Assert.NotSame(_block, block);
        Assert.Same(_block.Data, block.Data);
    }

    [Fact]
    public async Task What_is_not_marked_is_copied_within_a_silo()
    {
        var message = new MutableMessage([1, 2, 3]);
        var answer = await silos.From(1).GetGrain<IMessageProbe>("copied@1").KeepMutable(message);
        var kept = Assert.IsType<MutableMessage>(MessageProbe.Kept);
        Assert.NotSame(message.Data, kept.Data);
        Assert.NotSame(kept.Data, answer.Data);
        Assert.Equal(message.Data, answer.Data);
    }

    [Fact]
    public async Task Between_silos_it_is_equal_to_the_bit()
    {
        var answer = await silos.From(0).GetGrain<IMessageProbe>("remote@1").Keep(_message);
        Assert.NotSame(_message, answer);
        Assert.NotSame(_block.Data, answer.Part.Data);
        Assert.Equal((_message.Description, _message.Total), (answer.Description, answer.Total));
        Assert.Equal(_message.Owners, answer.Owners);
        Assert.Equal(_block.Type, answer.Part.Type);
        Assert.Equal(_block.Shape, answer.Part.Shape);
        Assert.Equal(_block.Data, answer.Part.Data);
    }
}
