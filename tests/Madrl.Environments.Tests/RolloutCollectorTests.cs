using Madrl.Environments.Games.Particles.Tasks;
using Madrl.Numerics;

namespace Madrl.Environments.Tests;

public class RolloutCollectorTests
{
    private const int Limit = 6;

    [Fact]
    public async Task Episodes_of_unequal_length_are_recorded_up_to_their_end()
    {
        var game = new EarlyEndGame(20, Limit);
        var rollout = Filled(game);
        await Collector(game).CollectAsync(new ScriptedActors(game), ActingMode.Explore, RandomPurpose.Reset, 0, rollout);

        Assert.Contains(rollout.Terminated, ended => ended);
        Assert.Contains(rollout.Terminated, ended => !ended);
        for (var copy = 0; copy < 20; copy++)
        {
            var length = Math.Min(game.Lengths[copy], Limit);
            Assert.Equal(length, rollout.Lengths[copy]);
            Assert.Equal(game.Lengths[copy] <= Limit, rollout.Terminated[copy]);
            for (var step = 0; step <= Limit; step++)
            {
                var seen = step <= length;
                var entry = copy * (Limit + 1) + step;
                Assert.Equal(seen ? game.Lengths[copy] : 0, rollout.Observations[0][2 * entry]);
                Assert.Equal(seen ? step : 0, rollout.Observations[0][2 * entry + 1]);
                Assert.Equal(seen ? 100 + step : 0, rollout.States[entry]);
                if (step == Limit) continue;
                Assert.Equal(step < length ? 2 : 0, rollout.Actions[0][copy * Limit + step]);
                Assert.Equal(step < length ? 2 : 0, rollout.Rewards[0][copy * Limit + step]);
            }
        }

        var returns = new double[20];
        EpisodeReturns.Compute(rollout, returns);
        Assert.Equal(rollout.Lengths.Select(length => 2.0 * length), returns);
    }

    [Theory]
    [InlineData(10.5f, 9)]
    [InlineData(-2, 1)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    public async Task What_a_policy_draws_outside_of_the_limits_is_clipped_for_the_game_and_recorded_as_drawn(float drawn, float played)
    {
        var game = new EarlyEndGame(1, Limit);
        var rollout = Filled(game);
        await Collector(game).CollectAsync(new FixedActors(drawn), ActingMode.Explore, RandomPurpose.Reset, 0, rollout);
        Assert.Equal(drawn, rollout.Actions[0][0]);
        Assert.Equal(played, rollout.Rewards[0][0]);
    }

    [Fact]
    public async Task A_reused_rollout_keeps_nothing()
    {
        var game = new EarlyEndGame(20, Limit);
        var (fresh, reused) = (new Rollout(game.Spec, 20), Filled(game));
        var actors = new RandomActors(game.Spec, 3);
        foreach (var rollout in new[] { fresh, reused })
            await Collector(game).CollectAsync(actors, ActingMode.Explore, RandomPurpose.Reset, 7, rollout);
        AssertSame(fresh, reused);
    }

    [Fact]
    public async Task Play_stops_when_every_copy_has_ended()
    {
        // The episodes of this one copy are longer and shorter than the limit.
        var game = new EarlyEndGame(1, Limit);
        for (var episode = 0; episode < 10; episode++)
        {
            var actors = new RecordingActors();
            var rollout = new Rollout(game.Spec, 1);
            await Collector(game).CollectAsync(actors, ActingMode.Explore, RandomPurpose.Reset, episode, rollout);
            Assert.Equal(rollout.Lengths[0], actors.Steps.Count);
        }
    }

    [Fact]
    public async Task Actors_learn_which_step_of_which_copies_is_played()
    {
        var game = Spread(4);
        var actors = new RecordingActors();
        await new RolloutCollector(game, seed: 1, firstCopy: 12)
            .CollectAsync(actors, ActingMode.Greedy, RandomPurpose.EvaluationReset, 3, new Rollout(game.Spec, 4));
        Assert.Equal(Enumerable.Range(0, 25).Select(step => new ActingStep(ActingMode.Greedy, 12, 4, 75 + step, step)), actors.Steps);
    }

    [Fact]
    public async Task Shards_joined_in_order_equal_the_whole()
    {
        var whole = await PlayAsync(copies: 7, firstCopy: 0, RandomPurpose.Reset, episode: 2);
        var first = await PlayAsync(copies: 3, firstCopy: 0, RandomPurpose.Reset, episode: 2);
        var second = await PlayAsync(copies: 4, firstCopy: 3, RandomPurpose.Reset, episode: 2);
        for (var agent = 0; agent < 3; agent++)
        {
            Assert.Equal(whole.Observations[agent], first.Observations[agent].Concat(second.Observations[agent]));
            Assert.Equal(whole.Actions[agent], first.Actions[agent].Concat(second.Actions[agent]));
            Assert.Equal(whole.Rewards[agent], first.Rewards[agent].Concat(second.Rewards[agent]));
        }

        Assert.Equal(whole.States, first.States.Concat(second.States));
        Assert.All(whole.Lengths, length => Assert.Equal(25, length));
        Assert.All(whole.Terminated, Assert.False);
    }

    [Fact]
    public async Task Initial_states_depend_on_episode_and_purpose()
    {
        var rollouts = new[]
        {
            await PlayAsync(2, 0, RandomPurpose.Reset, 0),
            await PlayAsync(2, 0, RandomPurpose.Reset, 1),
            await PlayAsync(2, 0, RandomPurpose.EvaluationReset, 0),
            await PlayAsync(2, 0, RandomPurpose.TestReset, 0),
        };
        Assert.Equal(4, rollouts.Select(rollout => rollout.States[4]).Distinct().Count());
    }

    [Fact]
    public async Task Actors_that_answer_late_see_the_same_game()
    {
        var game = Spread(3);
        var (early, late) = (new Rollout(game.Spec, 3), new Rollout(game.Spec, 3));
        var actors = new RandomActors(game.Spec, 1);
        await Collector(game).CollectAsync(actors, ActingMode.Explore, RandomPurpose.Reset, 0, early);
        await Collector(game).CollectAsync(new LateActors(actors), ActingMode.Explore, RandomPurpose.Reset, 0, late);
        AssertSame(early, late);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        // A call may allocate once (its state machine, in a debug build), whatever the number of steps.
        Assert.Equal(BytesOfAnEpisode(limit: 10), BytesOfAnEpisode(limit: 100));

        static long BytesOfAnEpisode(int limit)
        {
            var game = Spread(5, limit);
            var (collector, actors, rollout) = (Collector(game), new RandomActors(game.Spec, 1), new Rollout(game.Spec, 5));
            Play(0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Play(1);
            return GC.GetAllocatedBytesForCurrentThread() - before;

            void Play(int episode)
            {
                var playing = collector.CollectAsync(actors, ActingMode.Explore, RandomPurpose.Reset, episode, rollout);
                Assert.True(playing.IsCompletedSuccessfully);
            }
        }
    }

    [Fact]
    public async Task A_rollout_of_another_shape_is_refused()
    {
        var game = Spread(3);
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await Collector(game).CollectAsync(
            new ScriptedActors(game), ActingMode.Explore, RandomPurpose.Reset, 0, new Rollout(game.Spec, 4)));
        Assert.Contains("simple-spread and 3 copies", error.Message);
        Assert.Throws<ArgumentException>(() => EpisodeReturns.Compute(new Rollout(game.Spec, 4), new double[3]));
    }

    private static IMarkovGame Spread(int copies, int limit = 25) =>
        new SimpleSpreadDefinition().Create(copies, new SimpleSpreadOptions { EpisodeLimit = limit });

    private static RolloutCollector Collector(IMarkovGame game) => new(game, seed: 1, firstCopy: 0);

    private static async Task<Rollout> PlayAsync(int copies, long firstCopy, RandomPurpose reset, long episode)
    {
        var game = Spread(copies);
        var rollout = new Rollout(game.Spec, copies);
        await new RolloutCollector(game, 1, firstCopy)
            .CollectAsync(new RandomActors(game.Spec, 1), ActingMode.Explore, reset, episode, rollout);
        return rollout;
    }

    private static Rollout Filled(IMarkovGame game)
    {
        var rollout = new Rollout(game.Spec, game.Copies);
        foreach (var array in (float[][])[.. rollout.Observations, .. rollout.Actions, .. rollout.Rewards, rollout.States])
            Array.Fill(array, 77);
        Array.Fill(rollout.Lengths, 77);
        Array.Fill(rollout.Terminated, true);
        return rollout;
    }

    private static void AssertSame(Rollout expected, Rollout actual)
    {
        Assert.Equal(expected.Observations, actual.Observations);
        Assert.Equal(expected.Actions, actual.Actions);
        Assert.Equal(expected.Rewards, actual.Rewards);
        Assert.Equal(expected.States, actual.States);
        Assert.Equal(expected.Lengths, actual.Lengths);
        Assert.Equal(expected.Terminated, actual.Terminated);
    }

    private sealed class FixedActors(float action) : IActors
    {
        public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
        {
            foreach (var rows in actions) Array.Fill(rows, action);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Does nothing and remembers for which steps it was asked.</summary>
    private sealed class RecordingActors : IActors
    {
        public List<ActingStep> Steps { get; } = [];

        public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
        {
            Steps.Add(step);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Lets other actors act, but only after the call returned.</summary>
    private sealed class LateActors(IActors actors) : IActors
    {
        public async ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
        {
            await Task.Yield();
            await actors.ActAsync(step, observations, actions);
        }
    }
}
