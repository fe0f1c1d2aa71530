using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;
using Madrl.Policies;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests;

/// <summary>Checked mode names the first tensor that is not finite, and changes nothing else.</summary>
public class CheckedTests
{
    private const float Tolerance = 1e-5f;
    private const int Hidden = 8;

    public static TheoryData<string> Kinds => new(TestLearners.Kinds);

    /// <summary>Learner, tensor of its state, number in it, name and position that are told.</summary>
    public static TheoryData<string, string, int, string, long[]> Weights => new()
    {
        { "ddpg", "critic.weights", 5, "critic.fc1.weight", [0, 0, 5] },
        { "ddpg", "actor.weights", Hidden * 18 + 3, "actor.fc1.bias", [0, 3] },
        { "ddpg", "target.critic.weights", 0, "target.critic.fc1.weight", [0, 0, 0] },
        { "ppo", "critic.weights", 5, "critic.fc1.weight", [0, 0, 5] },
        { "ppo", "actor.weights", Hidden * 21 + Hidden + 9, "actor.fc2.weight", [0, 1, 1] },
        { "epymarl-maddpg", "critic.weights", 7, "critic.fc1.weight", [0, 0, 7] },
        { "epymarl-maddpg", "target.actor.weights", 2, "target.actor.fc1.weight", [0, 0, 2] },
        { "epymarl-ppo", "actor.weights", 1, "actor.fc1.weight", [0, 0, 1] },
        { "epymarl-ppo", "target.weights", 1, "target.critic.fc1.weight", [0, 0, 1] },
        { "qmix", "agent.weights", Hidden * 21 + Hidden, "agent.rnn.weight_ih", [0, 0, 0] },
        { "qmix", "mixer.weights", 4, "mixer.hyper_w_1.0.weight", [0, 0, 4] },
        { "qmix", "target.mixer.weights", 0, "target.mixer.hyper_w_1.0.weight", [0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Weights))]
    public void A_weight_that_is_no_number_is_named(string kind, string tensor, int index, string name, long[] position)
    {
        foreach (var threads in (int[])[1, 2])
        {
            using var learner = TestLearners.Create(kind, threads);
            TestLearners.Restore(learner, learner, tensor, values => values[index] = float.NaN);
            var error = Refuse(learner, TestLearners.Play(0), name);
            Assert.Equal(position, error.Position);
            Assert.Equal(double.NaN, error.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_observation_and_a_reward_that_are_no_numbers_are_named(string kind)
    {
        using var learner = TestLearners.Create(kind);
        var seen = TestLearners.Play(0);
        seen.Observations[1][(26 + 2) * 18 + 4] = float.NegativeInfinity;
        var error = Refuse(learner, seen, "observations");
        Assert.Equal([1, 1, 2, 4], error.Position!);
        Assert.Equal(double.NegativeInfinity, error.Value);

        var rewarded = TestLearners.Play(0);
        rewarded.Rewards[2][25 + 7] = float.NaN;
        Assert.Equal([2, 1, 7], Refuse(learner, rewarded, "rewards").Position!);
        learner.Checked = false;
        Assert.Null(Assert.Throws<NonFiniteException>(() => learner.Learn([rewarded], 6, 0)).Position);
    }

    [Fact]
    public void A_layer_whose_output_overflows_is_named()
    {
        using var learner = TestLearners.Create("ddpg");
        TestLearners.Restore(learner, learner, "critic.weights", values => values.AsSpan(0, 10).Fill(float.MaxValue));
        var error = Refuse(learner, TestLearners.Play(0), "critic.fc1 output");
        Assert.Equal(0, error.Position![3]);
    }

    [Fact]
    public void A_loss_that_overflows_is_named()
    {
        using var learner = TestLearners.Create("ddpg");
        var played = TestLearners.Play(0);
        played.Rewards[0][3] = 1e30f;
        Assert.Equal(double.PositiveInfinity, Refuse(learner, played, "critic loss").Value);
    }

    /// <summary>The root of zero has an infinite slope: the loss is 0, its gradient no number.</summary>
    [Fact]
    public void A_gradient_is_named()
    {
        using var network = new TorchNetwork(NetworkDescription.Mlp(3, 4, 2, Activation.Tanh), members: 2);
        network.Initialise(seed: 1, network: 0, outputGain: null);
        network.Check = new FiniteCheck("update 9", "critic");
        using var scope = NewDisposeScope();
        var outputs = network.Unroll(ones(2, 5, 1, 3));
        var error = Assert.Throws<NonFiniteException>(() => network.Gradient((outputs - outputs).sqrt().sum()));
        Assert.Equal("critic.fc1.weight gradient", error.Quantity);
        Assert.Equal("critic.fc1.weight gradient (of [2, 4, 3], number [0, 0, 0] is NaN in update 9) became non-finite.", error.Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_finite_run_has_the_same_values(string kind)
    {
        using var usual = TestLearners.Create(kind);
        using var looking = TestLearners.Create(kind);
        looking.Checked = true;
        for (var update = 0; update < 3; update++)
        {
            var expected = usual.Learn([TestLearners.Play(update)], update, 0);
            var measured = looking.Learn([TestLearners.Play(update)], update, 0);
            foreach (var (name, value) in expected) Assert.Equal(value, measured[name], Tolerance * (1 + Math.Abs(value)));
        }

        foreach (var (expected, actual) in usual.ExportPolicies().Zip(looking.ExportPolicies()))
        {
            var (weights, others) = (expected.AsSingles().ToArray(), actual.AsSingles().ToArray());
            for (var index = 0; index < weights.Length; index++) Assert.Equal(weights[index], others[index], Tolerance);
        }
    }

    [Theory]
    [InlineData("mappo", "madrl")]
    [InlineData("mappo", "epymarl")]
    [InlineData("maddpg", "madrl")]
    [InlineData("maddpg", "epymarl")]
    public void It_is_a_setting_of_every_algorithm(string algorithm, string fidelity)
    {
        foreach (var value in (bool[])[false, true])
        {
            var settings = new Dictionary<string, string> { ["fidelity"] = fidelity, ["hidden"] = "4", ["checked"] = value ? "true" : "false" };
            using var learner = AlgorithmCatalog.Find(algorithm).CreateLearner(TestLearners.Game.Spec, settings, 1, seed: 1, threads: 1);
            Assert.Equal(value, learner.Checked);
        }
    }

    private static NonFiniteException Refuse(GradientLearner learner, Rollout played, string name)
    {
        learner.Checked = true;
        var error = Assert.Throws<NonFiniteException>(() => learner.Learn([played], 5, 0));
        Assert.Equal(name, error.Quantity);
        Assert.StartsWith(name, error.Description, StringComparison.Ordinal);
        Assert.Contains(learner.Replay is null ? "in iteration 5" : "in update 5", error.Message, StringComparison.Ordinal);
        return error;
    }
}
