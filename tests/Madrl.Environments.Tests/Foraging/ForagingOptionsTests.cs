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
        Assert.Equal(["agent_0", "agent_1"], spec.Agents.Select(agent => agent.Name));
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
    [InlineData("foods=13", "foods=13 do not fit: a field of 8 x 8 has no room for more than 8. Choose fewer foods")]
    [InlineData("rows=3 columns=64 foods=37", "no room for more than 21")]
    [InlineData("rows=3 columns=3 foods=1 players=9", "players=9 do not fit: with foods=1 a field of 3 x 3 has room for 8")]
    [InlineData("max-food-level=5", "max-food-level=5 is more than all players together can load: choose at most 4")]
    [InlineData("players=7 max-food-level=15", "choose at most 14")]
    public void A_bad_choice_is_refused_with_the_remedy(string options, string remedy)
    {
        var error = Assert.Throws<ArgumentException>(() => Create(options));
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_foods_as_can_lie_on_a_field_are_accepted()
    {
        for (var rows = 3; rows <= 8; rows++)
        {
            for (var columns = 3; columns <= 8; columns++)
            {
                var most = MostFoods(rows, columns, []);
                Assert.Equal(3 * most, Create($"rows={rows} columns={columns} players=1 foods={most}").Spec.StateSize - 3);
                var error = Assert.Throws<ArgumentException>(() => Create($"rows={rows} columns={columns} players=1 foods={most + 2}"));
                Assert.Contains("do not fit", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Five_of_level_1_can_load_what_all_are_needed_for()
    {
        var game = (ForagingGame)Create("players=5 foods=1 max-player-level=1 max-food-level=5 cooperative=true");
        game.Field.Set(0, [(2, 1, 1), (2, 1, 1), (2, 3, 1), (1, 2, 1), (3, 2, 1)], [(2, 2, 5)]);
        var rewards = new double[5];
        game.Step([.. Enumerable.Repeat(new float[] { 5 }, 5)], rewards, new bool[1]);
        Assert.Equal(1, rewards.Sum(), 1e-12);
    }

    [Fact]
    public void Sight_0_is_a_sight_as_far_as_the_field()
    {
        const string options = "rows=6 columns=9 players=4 foods=4";
        var all = new PlayedBatch(GameCases.Create(20, "lbf", "lb-foraging", options));
        var far = new PlayedBatch(GameCases.Create(20, "lbf", "lb-foraging", options + " sight=9"));
        for (var step = 0; step < 50; step++)
        {
            all.Step(step);
            far.Step(step);
            Assert.Equal(Enumerable.Range(0, 20).Select(far.Shown), Enumerable.Range(0, 20).Select(all.Shown));
        }
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

    /// <summary>The most foods that a field can hold with those that lie on it, by trying all places after the last of them.</summary>
    private static int MostFoods(int rows, int columns, List<(int Row, int Column)> foods)
    {
        var most = foods.Count;
        var first = foods.Count == 0 ? 0 : foods[^1].Row * columns + foods[^1].Column + 1;
        for (var cell = first; cell < rows * columns; cell++)
        {
            var (row, column) = (cell / columns, cell % columns);
            if (row == 0 || row == rows - 1 || column == 0 || column == columns - 1) continue;
            if (foods.Any(food => Math.Abs(food.Row - row) + Math.Abs(food.Column - column) < 3)) continue;
            foods.Add((row, column));
            most = Math.Max(most, MostFoods(rows, columns, foods));
            foods.RemoveAt(foods.Count - 1);
        }

        return most;
    }

    private static IMarkovGame Create(string options) => GameCases.Create(1, "lbf", "lb-foraging", options);
}
