using Madrl.Numerics;

namespace Madrl.Environments.Tests.Games;

/// <summary>Mean returns of a policy over many episodes, which floors and marks are measured by.</summary>
internal static class GameReturns
{
    /// <summary>Mean over the copies of a game of the team's return.</summary>
    public static double Mean(IMarkovGame game, IActors actors) => PerAgent(game, actors).Sum();

    /// <summary>Mean return of each agent.</summary>
    public static double[] PerAgent(IMarkovGame game, IActors actors)
    {
        var rollout = new Rollout(game.Spec, game.Copies);
        var collected = new RolloutCollector(game, seed: 1, firstCopy: 0)
            .CollectAsync(actors, ActingMode.Greedy, RandomPurpose.TestReset, episode: 0, rollout);
        Assert.True(collected.IsCompletedSuccessfully);
        return [.. rollout.Rewards.Select(rewards => rewards.Sum(reward => (double)reward) / game.Copies)];
    }
}
