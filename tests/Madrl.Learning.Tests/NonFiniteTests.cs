using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Numerics;

namespace Madrl.Learning.Tests;

/// <summary>A learner that was fed nonsense says so instead of going on with it.</summary>
public class NonFiniteTests
{
    private const int Copies = 4;

    [Theory]
    [InlineData("madrl", float.NaN)]
    [InlineData("madrl", float.PositiveInfinity)]
    [InlineData("epymarl", float.NaN)]
    public async Task A_reward_that_is_no_number_is_refused(string fidelity, float reward)
    {
        var game = GameCatalog.Find("simple-spread").Create(Copies, "mpe2", new Dictionary<string, string>());
        var settings = new Dictionary<string, string> { ["fidelity"] = fidelity, ["hidden"] = "8", ["epochs"] = "2" };
        using var learner = AlgorithmCatalog.Find("mappo").CreateLearner(game.Spec, settings, Copies, seed: 1, threads: 1);
        var rollout = new Rollout(game.Spec, Copies);
        await new RolloutCollector(game, 1, 0).CollectAsync(
            new RandomActors(game.Spec, 1), ActingMode.Explore, RandomPurpose.Reset, 0, rollout);
        Assert.All(learner.Learn([rollout], 0, 0).Values, value => Assert.True(double.IsFinite(value)));

        rollout.Rewards[1][7] = reward;
        var error = Assert.Throws<NonFiniteException>(() => learner.Learn([rollout], 1, 0));
        Assert.Contains(error.Quantity, error.Message, StringComparison.Ordinal);
        Assert.Contains("iteration 1", error.Message, StringComparison.Ordinal);
    }
}
