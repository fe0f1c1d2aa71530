using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;
using Madrl.Numerics;
using Madrl.Policies;
using TorchSharp;

namespace Madrl.Learning.Tests;

/// <summary>What IQL, VDN and QMIX promise besides EPyMARL's numbers: the same bits whatever the threads, and after a resume.</summary>
public class QLearnerTests
{
    private const int Copies = 5;
    private const ulong Seed = 3;

    private static readonly QOptions Small = new() { Hidden = 8, MixerHidden = 4, HypernetHidden = 6, TargetUpdate = 2 };

    public QLearnerTests() => Native.TorchRuntime.Initialise();

    public static TheoryData<ValueMixing, string> Variants =>
        new(from mixing in Enum.GetValues<ValueMixing>() from variant in new[] { "recurrent", "own", "soft" } select (mixing, variant));

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_resumed_learner_goes_on_to_the_bit(ValueMixing mixing, string variant)
    {
        using var whole = Create(mixing, variant);
        Learn(whole, 0, 6);
        using var before = Create(mixing, variant);
        Learn(before, 0, 3);
        using var after = Create(mixing, variant, seed: Seed + 1);
        after.Load(before.Save().ToDictionary(item => item.Name, item => item.Tensor));
        Learn(after, 3, 6);
        AssertSame(whole, after);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Threads_do_not_change_a_bit(ValueMixing mixing, string variant)
    {
        using var one = Create(mixing, variant);
        using var two = Create(mixing, variant, threads: 2);
        Learn(one, 0, 3);
        Learn(two, 0, 3);
        AssertSame(one, two);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Everything_that_learns_changes_with_an_update(ValueMixing mixing, string variant)
    {
        using var learner = Create(mixing, variant);
        var before = learner.Save().ToDictionary(item => item.Name, item => item.Tensor);
        Learn(learner, 0, 2);
        var still = learner.Save().Where(item => before[item.Name].Data.AsSpan().SequenceEqual(item.Tensor.Data)).Select(item => item.Name);

        // A rate moves the targets without counting copies; statistics of what is not standardised stay empty.
        string[] expected = variant == "soft" ? ["target.last"] : ["ret_ms.mean", "ret_ms.var", "ret_ms.count"];
        Assert.Equal(expected, still);
        Assert.Equal(2, learner.Updates);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_lies_after_an_episodes_end_does_not_count(ValueMixing mixing, string variant)
    {
        var options = Options(variant) with { StandardiseRewards = false, StandardiseReturns = false };
        var (clean, littered) = (Play(0), Play(0));
        for (var copy = 0; copy < Copies; copy++) End(clean, copy, length: 3 + copy, litter: 0);
        for (var copy = 0; copy < Copies; copy++) End(littered, copy, length: 3 + copy, litter: 4);
        using var first = new QLearner(Game.Spec, mixing, options, Seed, 1);
        using var second = new QLearner(Game.Spec, mixing, options, Seed, 1);
        var measured = first.Learn([clean], 0, 0);
        Assert.Equal(measured, second.Learn([littered], 0, 0));
        AssertSame(first, second);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_target_is_the_target_networks_value_of_the_best_action(bool doubleQ)
    {
        var options = Small with { DoubleQ = doubleQ, StandardiseRewards = false };
        using var scope = torch.NewDisposeScope();
        using var learner = new QLearner(Game.Spec, ValueMixing.None, options, Seed, 1);
        learner.TargetAgent.Network.Initialise(Seed, network: 9, outputGain: null);
        var batch = TrainingBatch.From([Play(0)]);
        var inputs = learner.Agent.Inputs(batch);
        var (online, target) = (Rows(learner.Agent.Values(inputs)), Rows(learner.TargetAgent.Values(inputs)));
        var rewards = batch.Rewards.sum([0]).flatten().data<float>().ToArray();
        var sum = 0.0;
        for (var row = 0; row < target.Length; row++)
        {
            var best = Array.IndexOf((doubleQ ? online : target)[row], (doubleQ ? online : target)[row].Max());
            sum += rewards[row % rewards.Length] + options.Discount * target[row][best];
        }

        var expected = sum / target.Length / batch.Agents;
        Assert.Equal(expected, learner.Update(batch, 0, 0)["target_mean"].item<float>(), 1e-5 * Math.Abs(expected));

        // The values after each step, row by row.
        float[][] Rows(torch.Tensor values) => [.. values.narrow(2, 1, batch.Steps).flatten(0, 2).detach().unbind(0).Select(row => row.data<float>().ToArray())];
    }

    [Fact]
    public void An_agent_sees_its_observation_its_previous_action_and_its_id()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new AgentNetwork(Game.Spec, hidden: 4, recurrent: true, lastAction: true, shared: true);
        var played = Play(0);
        End(played, copy: 1, length: 4, litter: 2);
        var inputs = network.Inputs(TrainingBatch.From([played]));
        var (agents, seen, actions) = (Game.Spec.Agents.Count, Game.Spec.Agents[0].ObservationSize, network.Description.Network.Outputs);
        Assert.Equal([agents, Copies, played.Steps + 1L, seen + actions + agents], inputs.shape);
        Assert.Equal(network.Description.Network.Inputs, inputs.shape[3]);
        for (var t = 0; t <= played.Steps; t++)
        {
            var row = inputs[2, 1, t].data<float>().ToArray();
            var previous = new float[actions];
            if (t is > 0 and <= 4) previous[(int)played.Actions[2][played.Steps + t - 1]] = 1;
            float[] expected = [.. played.Observations[2].AsSpan((played.Steps + 1 + t) * seen, seen), .. previous, 0, 0, 1];
            Assert.Equal(expected, row);
        }
    }

    [Theory]
    [InlineData(ValueMixing.None)]
    [InlineData(ValueMixing.Monotonic)]
    public void A_reward_that_is_no_number_is_refused(ValueMixing mixing)
    {
        using var learner = Create(mixing, "recurrent");
        var played = Play(0);
        played.Rewards[1][7] = float.NaN;
        var error = Assert.Throws<NonFiniteException>(() => learner.Learn([played], 4, 0));
        Assert.Contains(error.Quantity, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused()
    {
        using var learner = Create(ValueMixing.Monotonic, "recurrent");
        var state = learner.Save().ToDictionary(item => item.Name, item => item.Tensor);
        state["mixer.weights"] = Block.From([1f], 1);
        var error = Assert.Throws<InvalidDataException>(() => learner.Load(state));
        Assert.Contains("mixer.weights", error.Message, StringComparison.Ordinal);
        state.Remove("mixer.weights");
        error = Assert.Throws<InvalidDataException>(() => learner.Load(state));
        Assert.Contains("mixer.weights", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Continuous_actions_are_refused()
    {
        var game = GameCatalog.Find("simple-spread").Create(1, "mpe2", new Dictionary<string, string> { ["actions"] = "continuous" });
        var error = Assert.Throws<ArgumentException>(() => new QLearner(game.Spec, ValueMixing.Sum, Small, Seed, 1));
        Assert.Contains("discrete", error.Message, StringComparison.Ordinal);
    }

    private static IMarkovGame Game => TestLearners.GameOf(Copies);

    private static QOptions Options(string variant) => variant switch
    {
        "own" => Small with { Recurrent = false, ShareParameters = false, CommonReward = false, DoubleQ = false, HypernetLayers = 1 },
        "soft" => Small with { TargetUpdate = 0.05, StandardiseReturns = true, LastAction = true },
        _ => Small,
    };

    private static QLearner Create(ValueMixing mixing, string variant, ulong seed = Seed, int threads = 1) =>
        new(Game.Spec, mixing, Options(variant), seed, threads);

    /// <summary>Updates first to last - 1, each from episodes of its own.</summary>
    private static void Learn(QLearner learner, int first, int last)
    {
        for (var update = first; update < last; update++) learner.Learn([Play(update)], update, 0);
    }

    private static Rollout Play(int number) => TestLearners.Play(number, Copies);

    /// <summary>Lets a copy's game end by itself after some steps, and fills what comes then.</summary>
    private static void End(Rollout played, int copy, int length, float litter)
    {
        (played.Lengths[copy], played.Terminated[copy]) = (length, true);
        foreach (var entries in played.Observations.Append(played.States)) Fill(entries, played.Steps + 1, length + 1);
        foreach (var steps in played.Rewards.Concat(played.Actions)) Fill(steps, played.Steps, length);

        void Fill(float[] numbers, int entries, int first)
        {
            var size = numbers.Length / Copies / entries;
            numbers.AsSpan((copy * entries + first) * size, (entries - first) * size).Fill(litter);
        }
    }

    private static void AssertSame(Learner expected, Learner actual)
    {
        Assert.Equal(expected.Updates, actual.Updates);
        foreach (var ((name, tensor), (_, other)) in expected.Save().Zip(actual.Save())) Assert.True(tensor.Data.AsSpan().SequenceEqual(other.Data), name);
    }
}
