using Madrl.Environments.Games.SimpleSpread;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.SimpleSpread;

/// <summary>The floor and the mark that learning is measured by.</summary>
public class SimpleSpreadReturnTests
{
    private const int Episodes = 400;

    [Theory]
    [InlineData("mpe2", SpreadActions.Discrete, -26.5)]
    [InlineData("mpe2", SpreadActions.Continuous, -20)]
    [InlineData("openai", SpreadActions.Discrete, -360)]
    [InlineData("openai", SpreadActions.Soft, -360)]
    public async Task The_scripted_player_is_good(string rules, SpreadActions actions, double least)
    {
        var game = new SimpleSpreadDefinition().Create(Episodes, rules, new SimpleSpreadOptions { Actions = actions });
        Assert.InRange(await MeanReturnAsync(game, new ScriptedActors(game)), least, 0);
    }

    [Fact]
    public async Task The_random_policy_stands_where_it_is_known_to_stand()
    {
        var game = new SimpleSpreadDefinition().Create(Episodes, "mpe2", new SimpleSpreadOptions());
        Assert.InRange(await MeanReturnAsync(game, new RandomActors(game.Spec, 1)), -83, -77);
    }

    [Fact]
    public async Task The_scripted_player_handles_the_largest_team()
    {
        var game = new SimpleSpreadDefinition().Create(2, "mpe2", new SimpleSpreadOptions { Agents = 64 });
        var scripted = await MeanReturnAsync(game, new ScriptedActors(game));
        Assert.True(scripted > await MeanReturnAsync(game, new RandomActors(game.Spec, 1)));
    }

    private static async Task<double> MeanReturnAsync(IMarkovGame game, IActors actors)
    {
        var rollout = new Rollout(game.Spec, game.Copies);
        await new RolloutCollector(game, seed: 1, firstCopy: 0)
            .CollectAsync(actors, ActingMode.Greedy, RandomPurpose.TestReset, episode: 0, rollout);
        var returns = new double[game.Copies];
        EpisodeReturns.Compute(rollout, returns);
        return returns.Average();
    }
}
