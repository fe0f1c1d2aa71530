using Madrl.Environments;
using Madrl.Grains.Abstractions;

namespace Madrl.Hosting.Tests;

/// <summary>What is asked for is checked against games and algorithms together.</summary>
public sealed class RunSpecifierTests
{
    static RunSpecifierTests() => GameCatalog.Add(typeof(RunSpecifierTests).Assembly);

    [Fact]
    public void An_option_of_a_game_that_the_algorithm_has_as_a_setting_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => RunSpecifier.Specify(new RunRequest { Task = "clashing", Algorithm = "mappo" }, TimeProvider.System));
        Assert.Equal("'hidden' is an option of clashing and a setting of mappo: rename the one that is yours.", error.Message);
    }

    /// <summary>What is given by name is the game's or the algorithm's.</summary>
    [Fact]
    public void Options_and_settings_are_kept_apart()
    {
        var request = new RunRequest { Task = "simple-spread", Settings = new Dictionary<string, string> { ["agents"] = "2", ["hidden"] = "8" } };
        var run = RunSpecifier.Specify(request, TimeProvider.System);
        Assert.Equal(("2", "8"), (run.Game["agents"], run.Learning["hidden"]));
        Assert.False(run.Game.ContainsKey("hidden") || run.Learning.ContainsKey("agents"));
    }

    [Game]
    public sealed class ClashingDefinition : GameDefinition<ClashingOptions>
    {
        public override string Task => "clashing";

        public override string Summary => "Has an option of a name that most algorithms have too.";

        protected override IMarkovGame Make(int copies, string rules, ClashingOptions options) =>
            throw new InvalidOperationException("is refused before it is made");
    }

    public sealed record ClashingOptions
    {
        public int Hidden { get; init; } = 1;
    }
}
