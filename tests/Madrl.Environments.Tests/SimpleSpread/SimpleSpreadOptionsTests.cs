using Madrl.Environments.Games.SimpleSpread;
using Madrl.Environments.Settings;

namespace Madrl.Environments.Tests.SimpleSpread;

public class SimpleSpreadOptionsTests
{
    private static readonly SimpleSpreadDefinition _definition = new();

    [Fact]
    public void The_default_is_the_published_task()
    {
        var spec = _definition.Create(1, "mpe2", new Dictionary<string, string>()).Spec;
        Assert.Equal("simple-spread", spec.Task);
        Assert.Equal(3, spec.Agents.Count);
        Assert.All(spec.Agents, agent => Assert.Equal(18, agent.ObservationSize));
        Assert.All(spec.Agents, agent => Assert.Equal(new ActionSpace.Discrete(5), agent.Actions));
        Assert.Equal(54, spec.StateSize);
        Assert.Equal(25, spec.EpisodeLimit);
        Assert.Equal("sum over the 3 agents", spec.ReturnScale);
    }

    [Fact]
    public void Options_change_the_sizes()
    {
        var spec = _definition.Create(1, "mpe2", Options("agents=5", "actions=continuous", "episode-limit=40")).Spec;
        Assert.Equal(5, spec.Agents.Count);
        Assert.Equal(30, spec.Agents[4].ObservationSize);
        Assert.Equal(new ActionSpace.Box(5, 0, 1), spec.Agents[0].Actions);
        Assert.Equal(40, spec.EpisodeLimit);
    }

    [Fact]
    public void Every_rule_set_says_its_own_return_scale()
    {
        var scales = _definition.Rules.Select(rules => _definition.Create(1, rules, Options()).Spec.ReturnScale);
        Assert.Equal(2, scales.Distinct().Count());
    }

    [Theory]
    [InlineData("mpe2", "agents=0", "1 to 128")]
    [InlineData("mpe2", "agents=129", "1 to 128")]
    [InlineData("mpe2", "agents=two", "agents")]
    [InlineData("mpe2", "local-ratio=1.5", "0 to 1")]
    [InlineData("mpe2", "actions=soft", "openai")]
    [InlineData("openai", "actions=continuous", "mpe2")]
    [InlineData("openai", "local-ratio=1", "mpe2")]
    [InlineData("mpe2", "actions=analog", "discrete or continuous or soft")]
    [InlineData("mpe3", "agents=3", "did you mean mpe2?")]
    public void A_bad_choice_is_refused_with_the_remedy(string rules, string option, string remedy)
    {
        var error = Assert.Throws<ArgumentException>(() => _definition.Create(1, rules, Options(option)));
        Assert.Contains(remedy, error.Message);
    }

    [Fact]
    public void The_recorded_values_make_the_same_game_again()
    {
        foreach (var rules in _definition.Rules)
        {
            var values = SettingsBinder.Values(new SimpleSpreadOptions { Agents = 4 });
            Assert.Equal(4, _definition.Create(1, rules, values).Spec.Agents.Count);
        }
    }

    [Fact]
    public void A_batch_has_at_least_one_copy() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _definition.Create(0, "mpe2", Options()));

    private static Dictionary<string, string> Options(params string[] texts) =>
        texts.Select(text => text.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
}
