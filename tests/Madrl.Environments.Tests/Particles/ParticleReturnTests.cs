using Madrl.Environments.Tests.Games;

namespace Madrl.Environments.Tests.Particles;

/// <summary>The floor and the mark that learning is measured by.</summary>
public class ParticleReturnTests
{
    private const int Episodes = 400;

    public static TheoryData<string, string, string> Competitive =>
    [
        .. GameCases.All.Select(row => row.Data).Where(row =>
            row.Item1 is "simple-adversary" or "simple-tag" or "simple-push" or "simple-crypto" or "simple-world-comm"),
    ];

    [Theory]
    [InlineData("simple", "mpe2", "", -9)]
    [InlineData("simple", "mpe2", "actions=continuous", -7)]
    [InlineData("simple", "openai", "actions=soft", -9)]
    [InlineData("simple-spread", "mpe2", "", -26.5)]
    [InlineData("simple-spread", "mpe2", "actions=continuous", -20)]
    [InlineData("simple-spread", "openai", "", -360)]
    [InlineData("simple-spread", "openai", "actions=soft", -360)]
    [InlineData("simple-speaker-listener", "mpe2", "", -17)]
    [InlineData("simple-speaker-listener", "openai", "actions=soft", -33)]
    [InlineData("simple-reference", "mpe2", "", -18)]
    [InlineData("simple-reference", "openai", "actions=soft", -35)]
    public void The_scripted_team_is_good(string task, string rules, string options, double least)
    {
        var game = GameCases.Create(Episodes, task, rules, options);
        Assert.InRange(GameReturns.Mean(game, new ScriptedActors(game)), least, double.PositiveInfinity);
    }

    /// <summary>Against others who act at random.</summary>
    [Theory]
    [MemberData(nameof(Competitive))]
    public void Each_scripted_team_does_better_than_at_random(string task, string rules, string options)
    {
        var game = (Madrl.Environments.Games.Particles.ParticleGame)GameCases.Create(Episodes, task, rules, options);
        var agents = game.Task.Scene.Agents;
        var random = new RandomActors(game.Spec, 1);
        var floor = GameReturns.PerAgent(game, random);
        foreach (var isAdversary in new[] { true, false })
        {
            bool[] scripted = [.. agents.Select(agent => agent.Adversary == isAdversary)];
            var returns = GameReturns.PerAgent(game, new MixedActors(new ScriptedActors(game), random, scripted));
            Assert.All(
                Enumerable.Range(0, agents.Length).Where(agent => scripted[agent]),
                agent => Assert.True(returns[agent] > floor[agent] + 0.2));
        }
    }

    [Fact]
    public void The_random_policy_stands_where_it_is_known_to_stand()
    {
        var game = GameCases.Create(Episodes, "simple-spread", "mpe2", "");
        Assert.InRange(GameReturns.Mean(game, new RandomActors(game.Spec, 1)), -83, -77);
    }

    [Fact]
    public void The_scripted_player_handles_a_large_team()
    {
        var game = GameCases.Create(2, "simple-spread", "mpe2", "agents=64");
        var scripted = GameReturns.Mean(game, new ScriptedActors(game));
        Assert.True(scripted > GameReturns.Mean(game, new RandomActors(game.Spec, 1)));
    }

    private sealed class MixedActors(IActors first, IActors second, bool[] isFirst) : IActors
    {
        public async ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
        {
            float[][] others = [.. actions.Select(rows => new float[rows.Length])];
            await first.ActAsync(step, observations, actions);
            await second.ActAsync(step, observations, others);
            foreach (var agent in Enumerable.Range(0, actions.Length).Where(agent => !isFirst[agent])) others[agent].CopyTo(actions[agent], 0);
        }
    }
}
