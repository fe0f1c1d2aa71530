using Madrl.Environments.Games.Warehouse;
using Madrl.Environments.Settings;
using Madrl.Environments.Tests.Games;

namespace Madrl.Environments.Tests.Warehouse;

public class WarehouseOptionsTests
{
    private static readonly WarehouseDefinition _definition = new();

    [Fact]
    public void The_default_is_the_published_tiny_task_of_two()
    {
        var spec = Create().Spec;
        Assert.Equal(("rware", "robotic-warehouse", 142, 500), (spec.Task, spec.Rules, spec.StateSize, spec.EpisodeLimit));
        Assert.Equal(["agent_0", "agent_1"], spec.Agents.Select(agent => agent.Name));
        Assert.All(spec.Agents, agent => Assert.Equal((71, new ActionSpace.Discrete(5)), (agent.ObservationSize, agent.Actions)));
        Assert.Equal("sum over the 2 agents, 1 for every delivery", spec.ReturnScale);
    }

    [Theory]
    [InlineData("size=small agents=5 sensor-range=2 episode-limit=40", 5, 183, 40)]
    [InlineData("size=large agents=19 difficulty=hard reward-type=two-stage", 19, 71, 500)]
    [InlineData("size=medium agents=1 difficulty=easy reward-type=global column-height=3", 1, 71, 500)]
    public void Options_change_the_sizes(string options, int agents, int observation, int limit)
    {
        var spec = Create(options).Spec;
        Assert.Equal((agents, observation, limit), (spec.Agents.Count, spec.Agents[^1].ObservationSize, spec.EpisodeLimit));
    }

    [Theory]
    [InlineData(WarehouseSize.Tiny, 8, 10, 11, 32)]
    [InlineData(WarehouseSize.Small, 8, 10, 20, 80)]
    [InlineData(WarehouseSize.Medium, 8, 16, 20, 144)]
    [InlineData(WarehouseSize.Large, 8, 16, 29, 224)]
    [InlineData(WarehouseSize.Tiny, 1, 10, 4, 4)]
    public void A_size_has_its_shelves(WarehouseSize size, int columnHeight, int width, int height, int shelves)
    {
        var layout = new RecordedWarehouse(1, new WarehouseOptions { Size = size, ColumnHeight = columnHeight }).Layout;
        Assert.Equal((width, height, shelves), (layout.Width, layout.Height, layout.Places.Length));
    }

    [Fact]
    public void A_layout_without_a_margin_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>("margin", () => new WarehouseLayout(1, 3, 8, margin: 0));

    [Fact]
    public void Each_reward_type_says_its_own_return_scale()
    {
        var scales = Enum.GetValues<WarehouseReward>()
            .Select(type => _definition.Create(1, new WarehouseOptions { RewardType = type }).Spec.ReturnScale);
        Assert.Equal(3, scales.Distinct().Count());
    }

    [Theory]
    [InlineData("agents=0", "1 to 64")]
    [InlineData("agents=65", "1 to 64")]
    [InlineData("size=huge", "tiny or small or medium or large")]
    [InlineData("difficulty=simple", "easy or normal or hard")]
    [InlineData("reward-type=shared", "global or individual or two-stage")]
    [InlineData("sensor-range=0", "1 to 5")]
    [InlineData("column-height=17", "1 to 16")]
    [InlineData("episode-limit=0", "1 to 10000")]
    [InlineData("agents=1 difficulty=hard", "agents=1 with difficulty=hard requests no shelf: choose agents=2 or more")]
    [InlineData("agents=16 difficulty=easy", "requests 32 shelves, but it must be fewer than the 32 that there are: choose fewer agents")]
    [InlineData("agents=4 column-height=1", "requests 4 shelves, but it must be fewer than the 4 that there are")]
    public void A_bad_choice_is_refused_with_the_remedy(string options, string remedy) =>
        Assert.Contains(remedy, Assert.Throws<ArgumentException>(() => Create(options)).Message, StringComparison.Ordinal);

    [Fact]
    public void Other_rules_are_refused_with_the_nearest()
    {
        var error = Assert.Throws<ArgumentException>(() => _definition.Create(1, "robot-warehouse", new Dictionary<string, string>()));
        Assert.Contains("did you mean robotic-warehouse?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_recorded_values_make_the_same_game_again()
    {
        var values = SettingsBinder.Values(new WarehouseOptions { Agents = 4, RewardType = WarehouseReward.TwoStage });
        var spec = _definition.Create(1, "robotic-warehouse", values).Spec;
        Assert.Equal((4, "sum over the 4 agents, 0.5 for every delivery and 0.5 for every return"), (spec.Agents.Count, spec.ReturnScale));
    }

    private static IMarkovGame Create(string options = "") => GameCases.Create(1, "rware", "robotic-warehouse", options);
}
