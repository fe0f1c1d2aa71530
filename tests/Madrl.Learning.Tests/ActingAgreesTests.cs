using Madrl.Environments;
using Madrl.Learning.Networks;
using Madrl.Numerics;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests;

/// <summary>The actors' own forward pass and the TorchSharp module that learns compute the same function.</summary>
public class ActingAgreesTests
{
    private const float Tolerance = 1e-5f;
    private const int Agents = 3;

    [Theory]
    [InlineData(18, 64, 5, Activation.Relu, true)]
    [InlineData(18, 64, 5, Activation.Tanh, true)]
    [InlineData(7, 33, 9, Activation.Relu, false)]
    [InlineData(1, 1, 2, Activation.Tanh, false)]
    [InlineData(50, 130, 17, Activation.Tanh, true)]
    public void Policy_agrees_with_the_module(int observation, int hidden, int actions, Activation activation, bool shared)
    {
        const int rows = 37;
        var agent = new AgentSpec("agent", observation, new ActionSpace.Discrete(actions));
        using var actor = new Actor(new GameSpec("test", "", [agent, agent, agent], 1, 1, ""), hidden, activation, shared);
        actor.Network.Initialise(seed: 3, network: 0, outputGain: null);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var observations = randn(Agents, rows, 1, observation);
        var expected = actor.Outputs(Actor.WithIds(actor.Description.AgentIds, observations));
        AssertAgree(actor, observations, expected, (policy, rowsSeen, outputs) => policy.Forward(rowsSeen, rows, outputs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Deterministic_actions_agree_with_the_module(bool shared)
    {
        const int rows = 37;
        var agent = new AgentSpec("agent", 18, new ActionSpace.Box(5, -1, 3));
        using var actor = new Actor(new GameSpec("test", "", [agent, agent, agent], 1, 1, ""), 64, Activation.Relu, shared, (0.15f, 0.2f));
        actor.Network.Initialise(seed: 3, network: 0, outputGain: 2);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var observations = randn(Agents, rows, 1, 18);
        var expected = actor.Bounded(actor.Outputs(Actor.WithIds(actor.Description.AgentIds, observations)));
        AssertAgree(actor, observations, expected, (policy, rowsSeen, actions) => policy.Act(rowsSeen, rows, new ActionKey(1, Greedy: true, 0, 0), actions));
    }

    /// <summary>Random networks of random odd sizes, with normalising and recurrent layers, over several steps.</summary>
    [Fact]
    public void Networks_of_every_kind_of_layer_agree_over_steps()
    {
        var random = new KeyedRandom(8, RandomPurpose.WeightInitialisation, 0, 0, 0);
        for (var round = 0; round < 30; round++)
        {
            var description = Describe(ref random, recurrent: round % 3 != 0);
            AssertAgree(description, rows: 1 + random.NextInt32(40), steps: description.StateSize > 0 ? 6 : 2, (ulong)round);
        }
    }

    /// <summary>EPyMARL's recurrent agent, and one that normalises before and after its memory.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_recurrent_policy_agrees_over_an_episode(bool normalises)
    {
        var recurrent = NetworkDescription.Recurrent(30, 64, 5);
        var network = !normalises ? recurrent : new NetworkDescription(
        [
            new("norm1", 30, 30, Activation.None, LayerKind.LayerNorm), .. recurrent.Layers.Take(2),
            new("norm2", 64, 64, Activation.Tanh, LayerKind.LayerNorm), recurrent.Layers[2],
        ]);
        AssertAgree(network, rows: 37, steps: 25, seed: 4);
    }

    private static NetworkDescription Describe(ref KeyedRandom random, bool recurrent)
    {
        var layers = new List<LayerDescription>();
        var size = 1 + random.NextInt32(70);
        foreach (var kind in (LayerKind[])[LayerKind.Linear, LayerKind.LayerNorm, recurrent ? LayerKind.Gru : LayerKind.Linear, LayerKind.LayerNorm, LayerKind.Linear])
        {
            // Two normalised numbers are ±1 whatever they were, and their rounding decides: no test of a layer.
            if (kind == LayerKind.LayerNorm && size < 4) continue;
            var outputs = kind == LayerKind.LayerNorm ? size : 1 + random.NextInt32(70);
            layers.Add(new($"layer{layers.Count}", size, outputs, kind == LayerKind.Gru ? Activation.None : (Activation)random.NextInt32(3), kind));
            size = outputs;
        }

        return new NetworkDescription(layers);
    }

    private static void AssertAgree(NetworkDescription network, int rows, int steps, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var module = new TorchNetwork(network, members: 1);
        module.Initialise(seed, network: 0, outputGain: null);
        var policy = new Policy(new PolicyDescription(network, ActionHead.Categorical, network.Inputs, 0), module.Export(0), 0);
        manual_seed((long)seed);
        var observations = randn(1, rows, steps, network.Inputs);
        var expected = EagerLayers.Unroll(network, module.Parameters, observations, resets: null, state: null);
        var state = new float[rows * network.StateSize];
        var outputs = new float[rows * network.Outputs];
        for (var step = 0; step < steps; step++)
        {
            policy.Forward(Numbers(observations.select(2, step)), rows, outputs, state);
            var computed = Numbers(expected.select(2, step));
            for (var index = 0; index < outputs.Length; index++)
                Assert.Equal(computed[index], outputs[index], Tolerance * (1 + MathF.Abs(computed[index])));
        }

        static float[] Numbers(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
    }

    private static void AssertAgree(Actor actor, Tensor observations, Tensor expected, Action<Policy, float[], float[]> compute)
    {
        var weights = actor.ExportPolicies();
        for (var index = 0; index < Agents; index++)
        {
            var module = expected[index].contiguous().data<float>().ToArray();
            var outputs = new float[module.Length];
            compute(new Policy(actor.Description, weights[index], index), observations[index].contiguous().data<float>().ToArray(), outputs);
            for (var item = 0; item < module.Length; item++)
                Assert.Equal(module[item], outputs[item], Tolerance * (1 + MathF.Abs(module[item])));
        }
    }
}
