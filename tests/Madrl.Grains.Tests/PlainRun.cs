using Madrl.Environments;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Grains.Tests;

/// <summary>A run without grains: what the grains must compute, to the bit.</summary>
internal static class PlainRun
{
    public static string Hash(RunSpecification run)
    {
        var game = GameCatalog.Find(run.Task).Create(run.Copies, run.Rules, run.Game);
        using var learner = AlgorithmCatalog.Find(run.Algorithm)
            .CreateLearner(game.Spec, run.Learning, run.Copies, run.Seed, run.Threads);
        var loop = new PlainLoop(game, learner, run.Seed);
        var iterations = run.Steps / (run.Copies * game.Spec.EpisodeLimit);
        while (loop.Iteration < iterations) loop.Iterate(iterations);
        return WeightsHash.Compute(new PolicySet(learner.Policy, learner.ExportPolicies()).Named());
    }
}
