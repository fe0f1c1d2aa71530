using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;
using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning.Tests;

/// <summary>What the off-policy learners promise besides learning: the same bits whatever the threads, and after a resume.</summary>
public class OffPolicyTests
{
    private const int Copies = 4;
    private const ulong Seed = 3;

    public static TheoryData<string, string> Variants => new()
    {
        { "maddpg", "" },
        { "maddpg", "share-parameters=true" },
        { "maddpg", "actions=continuous" },
        { "maddpg", "fidelity=epymarl" },
        { "iddpg", "" },
        { "iddpg", "actions=continuous share-parameters=true" },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_resumed_learner_goes_on_to_the_bit(string algorithm, string settings)
    {
        using var whole = Create(algorithm, settings);
        Learn(whole, settings, 0, 6);
        using var before = Create(algorithm, settings);
        Learn(before, settings, 0, 3);
        using var after = Create(algorithm, settings, seed: Seed);
        after.Load(before.Save().ToDictionary(item => item.Name, item => item.Tensor));
        Learn(after, settings, 3, 6);
        AssertSame(whole, after);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Threads_do_not_change_a_bit(string algorithm, string settings)
    {
        using var one = Create(algorithm, settings);
        using var many = Create(algorithm, settings, threads: LearnerThreads.Most);
        Learn(one, settings, 0, 3);
        Learn(many, settings, 0, 3);
        AssertSame(one, many);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Everything_that_learns_changes_with_an_update(string algorithm, string settings)
    {
        using var learner = Create(algorithm, settings);
        var before = learner.Save().ToDictionary(item => item.Name, item => item.Tensor);
        Learn(learner, settings, 0, 1);
        foreach (var (name, tensor) in learner.Save())
        {
            if (name == "target.last") continue;
            Assert.False(before[name].Data.AsSpan().SequenceEqual(tensor.Data), name);
        }
    }

    [Fact]
    public void The_plain_loop_learns_when_updates_are_due()
    {
        var game = Played(Copies, "");
        using var learner = Create("maddpg", "update-every=50 warm-up=250 batch=16");
        var loop = new PlainLoop(game, learner, Seed);
        List<long> updates = [];
        for (var iteration = 0; iteration < 5; iteration++)
        {
            loop.Iterate(5);
            updates.Add(learner.Updates);
        }

        Assert.Equal([0L, 0, 1, 3, 5], updates);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fidelity=epymarl")]
    public void A_reward_that_is_no_number_is_refused(string settings)
    {
        using var learner = Create("maddpg", settings);
        var error = Assert.Throws<NonFiniteException>(() => Learn(learner, settings, 5, 6, batch => batch.Rewards[1][7] = float.NaN));
        Assert.Contains(error.Quantity, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_is_keyed_by_row_agent_and_update_and_follows_the_gumbel_distribution()
    {
        Native.TorchRuntime.Initialise();
        using var many = GumbelSoftmax.Noise(Seed, 7, 3, 4000, 2, 5);
        using var few = GumbelSoftmax.Noise(Seed, 7, 3, 10, 2, 5);
        using var other = GumbelSoftmax.Noise(Seed, 8, 3, 10, 2, 5);
        using var part = many.narrow(1, 0, 10);
        Assert.Equal(part.contiguous().data<float>().ToArray(), few.data<float>().ToArray());
        Assert.Empty(few.data<float>().ToArray().Intersect(other.data<float>().ToArray()));

        // Mean Euler's γ, variance π²/6; the limits are four standard errors of 120,000 samples.
        var values = many.data<float>().ToArray().Select(value => (double)value).ToArray();
        Assert.Equal(values.Length, values.Distinct().Count(), 0.01 * values.Length);
        Assert.Equal(0.5772, values.Average(), 4 * 1.2825 / Math.Sqrt(values.Length));
        Assert.Equal(Math.PI * Math.PI / 6, values.Average(x => (x - 0.5772) * (x - 0.5772)), 4 * 3.44 / Math.Sqrt(values.Length));
    }

    [Fact]
    public void What_epymarl_does_not_have_is_refused()
    {
        var game = Played(1, "actions=continuous").Spec;
        Assert.Throws<ArgumentException>(() => AlgorithmCatalog.Find("iddpg").Check(game, Settings("fidelity=epymarl")));
        Assert.Throws<ArgumentException>(() => AlgorithmCatalog.Find("maddpg").Check(game, Settings("fidelity=epymarl")));
        AlgorithmCatalog.Find("maddpg").Check(game, Settings(""));
    }

    /// <summary>The game with those of the settings that are its own; the rest are the algorithm's.</summary>
    private static IMarkovGame Played(int copies, string settings) => GameCatalog.Find("simple-spread").Create(
        copies, "mpe2", Settings(settings).Where(setting => setting.Key == "actions").ToDictionary());

    private static Dictionary<string, string> Settings(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('=')).ToDictionary(item => item[0], item => item[1]);

    private static Learner Create(string algorithm, string settings, ulong seed = Seed, int threads = 1)
    {
        var values = Settings("hidden=8 batch=10");
        foreach (var (name, value) in Settings(settings)) values[name] = value;
        return AlgorithmCatalog.Find(algorithm).CreateLearner(Played(1, settings).Spec, values, Copies, seed, threads);
    }

    /// <summary>Updates first to last - 1 on random play, drawn as the plain loop draws it.</summary>
    private static void Learn(Learner learner, string settings, int first, int last, Action<Rollout>? change = null)
    {
        var game = Played(Copies, settings);
        var played = new Rollout(game.Spec, Copies);
        var playing = new RolloutCollector(game, Seed, 0).CollectAsync(
            new RandomActors(game.Spec, Seed), ActingMode.Explore, RandomPurpose.Reset, 0, played);
        Assert.True(playing.IsCompletedSuccessfully);
        var replay = learner.Replay!;
        var buffer = new ReplayBuffer(game.Spec, replay, 1, 0, Copies);
        var index = new ReplayIndex(replay, Seed, Copies, game.Spec.EpisodeLimit);
        buffer.Append(0, played);
        index.Add(0, 0, played.Lengths);
        var picks = new ReplayPick[replay.Batch];
        var batch = new Rollout(game.Spec, replay.Batch, replay.WholeEpisodes ? game.Spec.EpisodeLimit : 1, replay.KeepsStates);
        for (var update = first; update < last; update++)
        {
            index.Draw(update, 0, picks);
            buffer.Gather(picks, batch);
            change?.Invoke(batch);
            learner.Learn([batch], update, 0);
        }
    }

    private static void AssertSame(Learner expected, Learner actual)
    {
        Assert.Equal(expected.Updates, actual.Updates);
        foreach (var ((name, tensor), (_, other)) in expected.Save().Zip(actual.Save())) Assert.True(tensor.Data.AsSpan().SequenceEqual(other.Data), name);
    }
}
