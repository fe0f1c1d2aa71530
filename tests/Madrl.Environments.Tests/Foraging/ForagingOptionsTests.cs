using Madrl.Environments.Settings;
using Madrl.Environments.Games.Foraging;
using Madrl.Environments.Tests.Games;

namespace Madrl.Environments.Tests.Foraging;

public class ForagingOptionsTests
{
    [Fact]
    public void The_default_is_a_published_task()
    {
        var spec = Create("").Spec;
        Assert.Equal(("lbf", "lb-foraging", 50, 24), (spec.Task, spec.Rules, spec.EpisodeLimit, spec.StateSize));
        Assert.Equal(["player_0", "player_1"], spec.Agents.Select(agent => agent.Name));
        Assert.All(spec.Agents, agent => Assert.Equal((12, new ActionSpace.Discrete(6)), (agent.ObservationSize, agent.Actions)));
        Assert.Equal("sum over the 2 players; 1 is all food of an episode", spec.ReturnScale);
    }

    [Fact]
    public void Options_change_the_sizes_and_the_scale()
    {
        var spec = Create("rows=10 columns=12 players=3 foods=5 observe-levels=false penalty=0.1 episode-limit=70").Spec;
        Assert.Equal(3, spec.Agents.Count);
        Assert.All(spec.Agents, agent => Assert.Equal(3 * 5 + 2 * 3, agent.ObservationSize));
        Assert.Equal((63, 70), (spec.StateSize, spec.EpisodeLimit));
        Assert.Equal("sum over the 3 players; 1 is all food of an episode, less 0.1 per player and failed load", spec.ReturnScale);
    }

    [Theory]
    [InlineData("rows=2", "3 to 64")]
    [InlineData("columns=65", "3 to 64")]
    [InlineData("players=0", "1 to 32")]
    [InlineData("foods=0", "1 to 64")]
    [InlineData("sight=-1", "0 to 64")]
    [InlineData("penalty=-0.1", "0 to 1000")]
    [InlineData("max-player-level=0", "1 to 40")]
    [InlineData("cooperative=yes", "true or false")]
    [InlineData("foods=13", "foods=13 do not fit: a field of 8 x 8 has room for 12 at most")]
    [InlineData("rows=3 columns=3 foods=1 players=9", "players=9 do not fit: a field of 3 x 3 with 1 foods has room for 8")]
    [InlineData("max-food-level=5", "max-food-level=5 is more than players can ever load together: choose at most 4")]
    [InlineData("players=7 max-food-level=9", "choose at most 8")]
    public void A_bad_choice_is_refused_with_the_remedy(string options, string remedy)
    {
        var error = Assert.Throws<ArgumentException>(() => Create(options));
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_rules_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => GameCases.Create(1, "lbf", "lb-forraging", ""));
        Assert.Contains("did you mean lb-foraging?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_recorded_values_make_the_same_game_again()
    {
        var options = new ForagingOptions { Rows = 9, Players = 3, Sight = 2, Cooperative = true, Penalty = 0.5, ObserveLevels = false };
        Assert.Equal(options, SettingsBinder.Bind(new ForagingOptions(), SettingsBinder.Values(options)));
    }

    [Fact]
    public void A_batch_has_at_least_one_copy() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GameCases.Create(0, "lbf", "lb-foraging", ""));

    private static IMarkovGame Create(string options) => GameCases.Create(1, "lbf", "lb-foraging", options);
}
