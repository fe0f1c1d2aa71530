using Madrl.Environments.Settings;
using Madrl.Environments.Tests.Games;

namespace Madrl.Environments.Tests.Particles;

public class ParticleOptionsTests
{
    [Fact]
    public void The_default_is_the_published_task()
    {
        var spec = GameCases.Create(1, "simple-spread", "mpe2", "").Spec;
        Assert.Equal(3, spec.Agents.Count);
        Assert.All(spec.Agents, agent => Assert.Equal(18, agent.ObservationSize));
        Assert.All(spec.Agents, agent => Assert.Equal(new ActionSpace.Discrete(5), agent.Actions));
        Assert.Equal(54, spec.StateSize);
        Assert.Equal(25, spec.EpisodeLimit);
        Assert.Equal("sum over the 3 agents", spec.ReturnScale);
        Assert.NotEqual(spec.ReturnScale, GameCases.Create(1, "simple-spread", "openai", "").Spec.ReturnScale);
    }

    [Theory]
    [InlineData("simple-spread", "agents=5 actions=continuous episode-limit=40", "agent_0:30 agent_1:30 agent_2:30 agent_3:30 agent_4:30")]
    [InlineData("simple-adversary", "agents=3", "adversary_0:12 agent_0:14 agent_1:14 agent_2:14")]
    [InlineData("simple-tag", "good=2 adversaries=1 obstacles=0", "adversary_0:12 agent_0:10 agent_1:10")]
    [InlineData("simple-world-comm", "good=1 adversaries=2 obstacles=0 food=1 forests=3", "leadadversary_0:25 adversary_0:25 agent_0:19")]
    public void Options_change_who_is_there_and_what_they_see(string task, string options, string agents)
    {
        var spec = GameCases.Create(1, task, "mpe2", options).Spec;
        Assert.Equal(agents, string.Join(' ', spec.Agents.Select(agent => $"{agent.Name}:{agent.ObservationSize}")));
    }

    [Theory]
    [InlineData("simple-spread", "mpe2", "agents=0", "1 to 128")]
    [InlineData("simple-spread", "mpe2", "agents=129", "1 to 128")]
    [InlineData("simple-spread", "mpe2", "agents=two", "agents")]
    [InlineData("simple-spread", "mpe2", "local-ratio=1.5", "0 to 1")]
    [InlineData("simple-spread", "mpe2", "actions=soft", "openai")]
    [InlineData("simple-tag", "openai", "actions=continuous", "mpe2")]
    [InlineData("simple-spread", "openai", "local-ratio=1", "mpe2")]
    [InlineData("simple-reference", "openai", "local-ratio=1", "mpe2")]
    [InlineData("simple-spread", "mpe2", "actions=analog", "discrete or continuous or soft")]
    [InlineData("simple-tag", "mpe2", "adversaries=0", "1 to 64")]
    [InlineData("simple-world-comm", "mpe2", "food=0", "1 to 64")]
    [InlineData("simple-world-comm", "mpe2", "forests=-1", "0 to 64")]
    [InlineData("simple-spread", "mpe3", "agents=3", "did you mean mpe2?")]
    public void A_bad_choice_is_refused_with_the_remedy(string task, string rules, string option, string remedy)
    {
        var error = Assert.Throws<ArgumentException>(() => GameCases.Create(1, task, rules, option));
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_recorded_values_make_the_same_game_again()
    {
        foreach (var game in GameCatalog.All)
        {
            foreach (var rules in game.Rules)
            {
                var values = SettingsBinder.Values(Activator.CreateInstance(game.OptionsType)!);
                var spec = game.Create(1, rules, new Dictionary<string, string>()).Spec;
                Assert.Equivalent(spec, game.Create(1, rules, values).Spec);
            }
        }
    }
}
