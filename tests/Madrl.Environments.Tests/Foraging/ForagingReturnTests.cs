using Madrl.Environments.Tests.Games;

namespace Madrl.Environments.Tests.Foraging;

/// <summary>The floor and the mark that learning is measured by.</summary>
public class ForagingReturnTests
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
        Assert.InRange(GameReturns.Mean(game, new ScriptedActors(game)), 0.7, 0.8); // In a quarter of the episodes there are not four of level 2.
    }

    [Fact]
    public void The_random_policy_stands_where_it_is_known_to_stand()
    {
        var game = Create("");
        Assert.InRange(GameReturns.Mean(game, new RandomActors(game.Spec, 1)), 0.17, 0.23);
    }

    private static IMarkovGame Create(string options) => GameCases.Create(Episodes, "lbf", "lb-foraging", options);
}
