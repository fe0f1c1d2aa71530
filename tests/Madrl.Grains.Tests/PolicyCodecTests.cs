using Madrl.Grains.Abstractions;
using Madrl.Numerics;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Grains.Tests;

/// <summary>Policies that are larger than a message go in several; weights that agents share go once.</summary>
public sealed class PolicyCodecTests
{
    [Theory]
    [InlineData(16, 1)]
    [InlineData(1024, 4)]
    public async Task Policies_arrive_equal_to_the_bit(int hidden, int messages)
    {
        var description = new PolicyDescription(NetworkDescription.Mlp(2048, hidden, 5, Activation.Tanh), ActionHead.Categorical, 2048, AgentIds: 0);
        Block[] weights = [.. Enumerable.Range(0, 5).Select(agent => Weights(description, (ulong)agent))];
        var sent = new PolicySet(description, [weights[0], weights[1], weights[0], weights[2], weights[3], weights[4]]);
        var parts = new List<PoliciesReply>();
        var received = await PolicyCodec.FetchAsync(offset =>
        {
            parts.Add(PolicyCodec.Encode(sent, offset));
            return Task.FromResult(parts[^1]);
        });

        Assert.Equal(messages, parts.Count);
        Assert.All(parts, part => Assert.InRange(part.Part.Data.Length, 1, MessageLimit.Bytes));
        Assert.Equal(5L * weights[0].Data.Length, parts.Sum(part => (long)part.Part.Data.Length));
        for (var agent = 0; agent < 6; agent++) Assert.True(sent.Weights[agent].Data.AsSpan().SequenceEqual(received.Weights[agent].Data));
        Assert.Same(received.Weights[0], received.Weights[2]);
        Assert.Equal(PolicyJson.ToJson(description), PolicyJson.ToJson(received.Description));
    }

    [Fact]
    public void Policies_by_name_are_of_as_many_agents_as_the_game_has()
    {
        var description = new PolicyDescription(NetworkDescription.Mlp(3, 4, 5, Activation.Tanh), ActionHead.Categorical, 3, AgentIds: 0);
        var named = new PolicySet(description, [Weights(description, 0), Weights(description, 1)]).Named().ToDictionary(item => item.Name, item => item.Tensor);
        Assert.Equal(2, PolicySet.FromNamed(description, named, 2).Weights.Count);
        Assert.Equal("There are policies of more agents than 1.", Assert.Throws<ArgumentException>(() => PolicySet.FromNamed(description, named, 1)).Message);
        Assert.Throws<ArgumentException>(() => PolicySet.FromNamed(description, named, 3));
    }

    private static Block Weights(PolicyDescription description, ulong seed)
    {
        var values = new float[description.ParameterCount];
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, 0, 0, 0);
        for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle();
        return Block.From(values, values.Length);
    }
}
