using Madrl.Environments.Games.Foraging;
using Madrl.Environments.Tests.Games;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Foraging;

/// <summary>The floor and the mark that learning is measured by.</summary>
public class ForagingPlayerTests
{
    private const int Episodes = 400;

    [Theory]
    [InlineData("", 1)]
    [InlineData("cooperative=true sight=2", 1)]
    [InlineData("players=3 foods=3 penalty=0.1", 1)]
    [InlineData("rows=10 columns=10 players=3 foods=3 sight=2 observe-levels=false", 1)]
    [InlineData("rows=15 columns=15 players=3 foods=5", 0.95)]
    [InlineData("rows=12 columns=12 players=9 foods=9 cooperative=true", 1)]
    [InlineData("rows=3 columns=9 players=4 foods=3 cooperative=true", 0.98)]
    public void The_scripted_policy_eats_nearly_everything(string options, double least)
    {
        var game = Create(options);
        var scripted = GameReturns.Mean(game, new ScriptedActors(game));
        Assert.InRange(scripted, least - 1e-6, 1 + 1e-6);
        Assert.InRange(GameReturns.Mean(game, new RandomActors(game.Spec, 1)), double.NegativeInfinity, 0.4 * scripted);
    }

    /// <summary>Level 8 needs the four strongest of nine players, who are not the nearest.</summary>
    [Fact]
    public void The_scripted_policy_brings_the_strongest_together()
    {
        var game = Create("rows=12 columns=12 players=9 foods=4 max-food-level=8 cooperative=true episode-limit=100");

        // In a quarter of the episodes there are not four of level 2.
        Assert.InRange(GameReturns.Mean(game, new ScriptedActors(game)), 0.7, 0.8);
    }

    [Theory]
    [InlineData("rows=6 columns=7 players=4 foods=4")]
    [InlineData("rows=10 columns=10 players=9 foods=7 cooperative=true")]
    public void What_players_do_follows_from_the_present_state(string options)
    {
        // A game that is put into the states of another one, in which other things have gone before.
        const int copies = 4;
        var played = (ForagingGame)GameCases.Create(copies, "lbf", "lb-foraging", options);
        var players = played.Spec.Agents.Count;
        for (var copy = 0; copy < copies; copy++) played.Reset(copy, new KeyedRandom(1, RandomPurpose.Reset, copy, 0, 0));
        float[][] actions = [.. played.Spec.Agents.Select(_ => new float[copies])];
        float[][] random = [.. played.Spec.Agents.Select(_ => new float[copies])];
        var actors = new RandomActors(played.Spec, 1);
        for (var step = 0; step < 40; step++)
        {
            var other = (ForagingGame)GameCases.Create(copies, "lbf", "lb-foraging", options);
            for (var copy = 0; copy < copies; copy++)
            {
                var levels = played.Field.PlayerLevels(copy).ToArray();
                var places = played.Field.PlayersAt(copy).Select((place, i) => (place.Row, place.Column, levels[i]));
                other.Field.Set(copy, [.. places], played.Field.FoodsAt(copy));
            }

            for (var player = 0; player < players; player++)
            {
                var expected = new float[copies];
                other.ActScripted(player, expected);
                played.ActScripted(player, actions[player]);
                Assert.Equal(expected, actions[player]);
            }

            // Random actions in between, which no plan has foreseen.
            Assert.True(actors.ActAsync(new ActingStep(ActingMode.Explore, 0, copies, step), [], random).IsCompletedSuccessfully);
            played.Step(step % 3 == 0 ? random : actions, new double[players * copies], new bool[copies]);
        }
    }

    [Fact]
    public void The_random_policy_stands_where_it_is_known_to_stand()
    {
        var game = Create("");
        Assert.InRange(GameReturns.Mean(game, new RandomActors(game.Spec, 1)), 0.17, 0.23);
    }

    private static IMarkovGame Create(string options) => GameCases.Create(Episodes, "lbf", "lb-foraging", options);
}
