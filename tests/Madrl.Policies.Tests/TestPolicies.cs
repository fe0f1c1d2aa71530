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

    public static float[] Forward(Policy policy, ReadOnlySpan<float> observations, int rows)
    {
        var outputs = new float[rows * policy.Description.Network.Outputs];
        policy.Forward(observations, rows, outputs);
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
