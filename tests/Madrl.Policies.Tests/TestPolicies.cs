using System.Runtime.InteropServices;
using Madrl.Numerics;

namespace Madrl.Policies.Tests;

/// <summary>Policies and observations from keyed random numbers, the same on every machine.</summary>
internal static class TestPolicies
{
    /// <summary>A network with the given sizes, the first being the observation's, and ids for the agents.</summary>
    public static PolicyDescription Describe(
        int[] sizes, Activation activation = Activation.Relu, ActionHead head = ActionHead.Categorical, int agentIds = 0)
    {
        var layers = new LayerDescription[sizes.Length - 1];
        for (var i = 0; i < layers.Length; i++)
        {
            var inputs = i == 0 ? sizes[0] + agentIds : sizes[i];
            var follows = i == layers.Length - 1 ? Activation.None : activation;
            layers[i] = new LayerDescription($"fc{i + 1}", inputs, sizes[i + 1], follows);
        }

        var bounds = head == ActionHead.Deterministic ? new BoundedActions(-1, 3, 0.15f, 0.2f) : null;
        return new PolicyDescription(new NetworkDescription(layers), head, sizes[0], agentIds, bounds);
    }

    /// <summary>EPyMARL's recurrent agent, with normalising layers before and after its memory if it <paramref name="normalises"/>.</summary>
    public static PolicyDescription Recurrent(int observation, int hidden, int outputs, bool normalises, int agentIds = 0)
    {
        var network = NetworkDescription.Recurrent(observation + agentIds, hidden, outputs);
        if (normalises)
        {
            network = new NetworkDescription(
            [
                network.Layers[0], new("norm1", hidden, hidden, Activation.Relu, LayerKind.LayerNorm), network.Layers[1],
                new("norm2", hidden, hidden, Activation.Tanh, LayerKind.LayerNorm), network.Layers[2],
            ]);
        }

        return new PolicyDescription(network, ActionHead.Categorical, observation, agentIds);
    }

    /// <summary>A feed-forward network that normalises its observations and its hidden layer.</summary>
    public static PolicyDescription Normalising(int observation, int hidden, int outputs) => new(
        new NetworkDescription(
        [
            new("norm1", observation, observation, Activation.None, LayerKind.LayerNorm), new("fc1", observation, hidden, Activation.Tanh),
            new("norm2", hidden, hidden, Activation.Relu, LayerKind.LayerNorm), new("fc2", hidden, outputs, Activation.None),
        ]),
        ActionHead.Categorical, observation, AgentIds: 0);

    public static Block Weights(PolicyDescription description, ulong seed = 1) =>
        Block.From(Uniform(description.ParameterCount, seed, 0.5f), description.ParameterCount);

    public static Policy Create(PolicyDescription description, int agent = 0) => new(description, Weights(description), agent);

    public static float[] Observations(int rows, PolicyDescription description, ulong seed = 2) =>
        Uniform(rows * description.ObservationSize, seed, 2);

    /// <summary>Numbers in [-scale, scale).</summary>
    public static float[] Uniform(int count, ulong seed, float scale)
    {
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, 0, 0, 0);
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (random.NextSingle() * 2 - 1) * scale;
        return values;
    }

    public static float[] Forward(Policy policy, ReadOnlySpan<float> observations, int rows, Span<float> state = default)
    {
        var outputs = new float[rows * policy.Description.Network.Outputs];
        policy.Forward(observations, rows, outputs, state);
        return outputs;
    }

    public static float[] Act(Policy policy, ReadOnlySpan<float> observations, int rows, in ActionKey key)
    {
        var actions = new float[rows * policy.ActionSize];
        policy.Act(observations, rows, key, actions);
        return actions;
    }

    /// <summary>Equality to the bit, which for floats is not what == means.</summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.Equal(MemoryMarshal.Cast<float, int>(expected).ToArray(), MemoryMarshal.Cast<float, int>(actual).ToArray());
}
