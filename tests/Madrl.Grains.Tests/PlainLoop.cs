using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Numerics;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Grains.Tests;

/// <summary>Training without grains, in a loop over the libraries. This is what the grains must compute, to the bit.</summary>
internal static class PlainLoop
{
    public static async Task<string> HashAsync(RunSpecification run)
    {
        var game = GameCatalog.Find(run.Task).Create(run.Copies, run.Rules, run.Game);
        var collector = new RolloutCollector(game, run.Seed, firstCopy: 0);
        var rollout = new Rollout(game.Spec, run.Copies);
        var iterations = run.Steps / (run.Copies * game.Spec.EpisodeLimit);
        using var learner = AlgorithmCatalog.Find(run.Algorithm)
            .CreateLearner(game.Spec, run.Learning, run.Copies, run.Seed, run.Threads);
        for (var iteration = 0L; iteration < iterations; iteration++)
        {
            var actors = new PolicyActors(learner.Policy, learner.ExportPolicies(), run.Seed);
            await collector.CollectAsync(actors, ActingMode.Explore, RandomPurpose.Reset, iteration, rollout);
            learner.Learn([rollout], iteration, (double)iteration / iterations);
        }

        return WeightsHash.Compute(new PolicySet(learner.Policy, learner.ExportPolicies()).Named());
    }
}

/// <summary>Agents that act in place.</summary>
internal sealed class PolicyActors(PolicyDescription description, IReadOnlyList<Block> weights, ulong seed) : IActors
{
    private readonly Policy[] _policies = [.. weights.Select((block, agent) => new Policy(description, block, agent))];

    public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
    {
        var key = new ActionKey(seed, step.Mode == ActingMode.Greedy, step.FirstCopy, step.Step);
        for (var agent = 0; agent < _policies.Length; agent++)
            _policies[agent].Act(observations[agent], step.Rows, key, actions[agent]);
        return ValueTask.CompletedTask;
    }
}
