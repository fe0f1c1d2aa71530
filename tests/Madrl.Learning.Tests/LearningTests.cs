using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning.Tests;

/// <summary>A short training through the libraries: the presets learn.</summary>
public class LearningTests(ITestOutputHelper output)
{
    private const ulong Seed = 1;
    private const int Copies = 64;
    private const int Iterations = 100;
    private const int Episodes = 400;

    /// <summary>Random play gives -80 and the untrained greedy policy -150; 160,000 steps gave -55.</summary>
    private const double Demanded = -60;

    [Theory]
    [InlineData("mappo")]
    [InlineData("ippo")]
    [InlineData("maddpg")]
    [InlineData("iddpg")]
    public async Task A_short_training_beats_random_play_clearly(string algorithm)
    {
        var settings = new Dictionary<string, string>();
        var definition = GameCatalog.Find("simple-spread");
        var game = definition.Create(Copies, "mpe2", settings);
        using var learner = AlgorithmCatalog.Find(algorithm).CreateLearner(game.Spec, settings, Copies, Seed, threads: 2);
        var loop = new PlainLoop(game, learner, Seed);
        while (loop.Iteration < Iterations) loop.Iterate(Iterations);

        var test = definition.Create(Episodes, "mpe2", settings);
        var actors = new PolicyActors(Seed);
        actors.Use([.. learner.ExportPolicies().Select((weights, agent) => new Policy(learner.Policy, weights, agent))]);
        var rollout = new Rollout(test.Spec, Episodes);
        await new RolloutCollector(test, Seed, 0).CollectAsync(actors, ActingMode.Greedy, RandomPurpose.TestReset, 0, rollout);
        var returns = new double[Episodes];
        EpisodeReturns.Compute(rollout, returns);
        output.WriteLine($"{algorithm}: {returns.Average():F2}");
        Assert.InRange(returns.Average(), Demanded, 0);
    }
}
