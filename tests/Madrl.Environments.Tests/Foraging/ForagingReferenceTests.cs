using System.Text.Json;
using Madrl.Environments.Games.Foraging;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests.Foraging;

/// <summary>Every recorded episode of lb-foraging is repeated step by step.</summary>
public class ForagingReferenceTests
{
    private const int Copies = 5;
    private const double RewardTolerance = 1e-9;

    public static TheoryData<string> Episodes => [.. ReferenceData.Files("lbf", "*.json")];

    [Theory]
    [MemberData(nameof(Episodes))]
    public void An_episode_repeats(string file)
    {
        var replay = new ForagingReplay(file, Copies);
        var game = replay.Game;
        var (rewards, terminated) = (new double[game.Spec.Agents.Count * Copies], new bool[Copies]);
        Assert.Equal(replay.Episode.GetProperty("food_spawned").GetInt32(), game.Field.Spawned(Copies - 1));
        AssertObservations(replay, replay.Episode.GetProperty("initial_obs"));
        foreach (var (index, step) in replay.Steps.Index())
        {
            game.Step(replay.Actions(step), rewards, terminated);
            AssertField(replay, step);
            AssertObservations(replay, step.GetProperty("obs"));
            for (var i = 0; i < rewards.Length; i++)
                Assert.Equal(step.GetProperty("rewards")[i / Copies].GetDouble(), rewards[i], RewardTolerance);

            // The program calls an episode done at its limit, too; here the limit does not end the game.
            var isLast = index + 1 == game.Spec.EpisodeLimit;
            Assert.All(terminated, ended => Assert.Equal(step.GetProperty("done").GetBoolean(), ended || isLast));
            Assert.All(terminated, ended => Assert.Equal(ForagingReplay.Foods(step.GetProperty("field")).Length == 0, ended));
        }
    }

    /// <summary>
    /// An action is valid if and only if it does something to who is alone with the foods: it moves, loads, or pays for a failed load.
    /// </summary>
    [Theory]
    [MemberData(nameof(Episodes))]
    public void Valid_actions_are_those_that_do_something(string file)
    {
        const int nothing = 0, actions = 6;
        var replay = new ForagingReplay(file, 1);
        var alone = (ForagingGame)new ForagingDefinition().Create(1, replay.Options with { Players = 1, Penalty = 1, MaxFoodLevel = 0 });
        var initial = replay.Episode.GetProperty("initial");
        int[] levels = [.. initial.GetProperty("players").EnumerateArray().Select(player => player.GetProperty("level").GetInt32())];
        var places = replay.Game.Field.PlayersAt(0);
        foreach (var situation in replay.Steps.Prepend(initial))
        {
            if (!situation.Equals(initial))
                places = [.. situation.GetProperty("players").EnumerateArray().Select(place => (place[0].GetInt32(), place[1].GetInt32()))];
            var foods = ForagingReplay.Foods(situation.GetProperty("field"));
            foreach (var (player, (row, column)) in places.Index())
            {
                var useful = Enumerable.Range(0, actions).Where(action =>
                {
                    alone.Field.Set(0, [(row, column, levels[player])], foods);
                    var rewards = new double[1];
                    alone.Step([[action]], rewards, new bool[1]);
                    return action == nothing || rewards[0] != 0 || alone.Field.PlayersAt(0)[0] != (row, column);
                });
                Assert.Equal(situation.GetProperty("valid_actions")[player].EnumerateArray().Select(action => action.GetInt32()), useful);
            }
        }
    }

    private static void AssertField(ForagingReplay replay, JsonElement step)
    {
        var foods = ForagingReplay.Foods(step.GetProperty("field"));
        var players = step.GetProperty("players").EnumerateArray().Select(place => (place[0].GetInt32(), place[1].GetInt32())).ToArray();
        for (var copy = 0; copy < Copies; copy++)
        {
            Assert.Equal(foods, replay.Game.Field.FoodsAt(copy));
            Assert.Equal(foods, replay.Game.Field.FoodsListed(copy));
            Assert.Equal(players, replay.Game.Field.PlayersAt(copy));
        }
    }

    private static void AssertObservations(ForagingReplay replay, JsonElement expected)
    {
        var spec = replay.Game.Spec;
        float[][] observations =
            [.. expected.EnumerateArray().Select(player => player.EnumerateArray().Select(number => number.GetSingle()).ToArray())];
        for (var player = 0; player < observations.Length; player++)
        {
            var observed = new float[Copies * spec.Agents[player].ObservationSize];
            replay.Game.Observe(player, observed);
            Assert.Equal(Enumerable.Repeat(observations[player], Copies).SelectMany(numbers => numbers), observed);
        }

        var states = new float[Copies * spec.StateSize];
        replay.Game.WriteState(states);
        Assert.Equal(Enumerable.Repeat(observations, Copies).SelectMany(copy => copy).SelectMany(numbers => numbers), states);
    }
}
