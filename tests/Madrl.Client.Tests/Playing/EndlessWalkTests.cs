using Madrl.Environments;
using Madrl.Terminal.Listing;
using Madrl.Terminal.Playing;

namespace Madrl.Client.Tests.Playing;

/// <summary>What of a game costs nothing until it is asked for: its limit, and its pictures.</summary>
public sealed class EndlessWalkTests
{
    private static readonly Lazy<bool> _isKnown = new(() =>
    {
        GameCatalog.Add(typeof(EndlessWalk).Assembly);
        return true;
    });

    [Fact]
    public async Task Episodes_that_nobody_looks_at_are_not_drawn()
    {
        var output = new StringWriter { NewLine = "\n" };
        var players = Players.OfEveryGame(Players.Scripted, Game(length: 60_000))!;
        await new PlaySession(players, new PlayOrder(1, 1, TimeSpan.FromSeconds(1), Json: false), output).TellAsync(CancellationToken.None);
        Assert.StartsWith("episode 0, ended after 60,000 steps: return 60000.00\n", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_game_that_ends_is_listed_by_whole_episodes()
    {
        var references = await References.MeasureAsync(Game(length: 30));
        Assert.Equal((40, null, 30, 30), (references.Episodes, references.CutAfter, references.Random.Mean, references.Scripted.Mean));
        Assert.Empty(references.Note);
    }

    [Fact]
    public async Task A_game_that_never_ends_is_listed_by_its_first_steps_and_says_so()
    {
        var references = await References.MeasureAsync(Game(length: 0));
        Assert.Equal((40, 50_000, 50_000, 50_000), (references.Episodes, references.CutAfter, references.Random.Mean, references.Scripted.Mean));
        Assert.Equal(", cut off after 50,000 steps to save time", references.Note);
    }

    private static GameChoice Game(int length)
    {
        Assert.True(_isKnown.Value);
        return new GameChoice("endless-walk", null, new Dictionary<string, string> { ["length"] = $"{length}" });
    }
}
