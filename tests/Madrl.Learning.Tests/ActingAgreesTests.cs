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

        var weights = actor.ExportPolicies();
        for (var index = 0; index < Agents; index++)
        {
            var outputs = new float[rows * actions];
            new Policy(actor.Description, weights[index], index).Forward(observations[index].contiguous().data<float>().ToArray(), rows, outputs);
            var module = expected[index].contiguous().data<float>().ToArray();
            for (var item = 0; item < module.Length; item++)
                Assert.Equal(module[item], outputs[item], Tolerance * (1 + MathF.Abs(module[item])));
        }
    }
}
