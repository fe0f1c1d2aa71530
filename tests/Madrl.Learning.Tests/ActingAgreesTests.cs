using Madrl.Environments;
using Madrl.Learning.Networks;
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
        var expected = actor.Outputs(Actor.WithIds(observations, actor.Description.AgentIds));
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
        var expected = actor.Bounded(actor.Outputs(Actor.WithIds(observations, actor.Description.AgentIds)));
        AssertAgree(actor, observations, expected, (policy, rowsSeen, actions) => policy.Act(rowsSeen, rows, new ActionKey(1, Greedy: true, 0, 0), actions));
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
