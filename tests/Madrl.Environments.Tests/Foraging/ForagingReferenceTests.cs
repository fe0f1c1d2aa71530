using System.Text.Json;
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
            for (var i = 0; i < rewards.Length; i++) Assert.Equal(step.GetProperty("rewards")[i / Copies].GetDouble(), rewards[i], RewardTolerance);

            // The program calls an episode done at its limit, too; here the limit does not end the game.
            var isLast = index + 1 == game.Spec.EpisodeLimit;
            Assert.All(terminated, ended => Assert.Equal(step.GetProperty("done").GetBoolean(), ended || isLast));
            Assert.All(terminated, ended => Assert.Equal(ForagingReplay.Foods(step.GetProperty("field")).Length == 0, ended));
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
        float[][] observations = [.. expected.EnumerateArray().Select(player => player.EnumerateArray().Select(number => number.GetSingle()).ToArray())];
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
