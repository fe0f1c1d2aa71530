using Madrl.Environments;
using Madrl.Numerics;
using Madrl.Protocols;

namespace Madrl.Terminal.Evaluation;

/// <summary>Plays a run's test episodes, the same ones as its final test.</summary>
internal static class TestEpisodes
{
    /// <summary>Episodes that are played at a time: keeps memory small however many there are.</summary>
    private const int Batch = 1000;

    /// <summary>The returns in the order of the episodes.</summary>
    public static async Task<IReadOnlyList<double>> PlayAsync(RunSpecification run, IActors actors, int episodes)
    {
        var returns = new double[episodes];
        for (var first = 0; first < episodes; first += Batch)
        {
            var count = Math.Min(Batch, episodes - first);
            var game = GameCatalog.Find(run.Task).Create(count, run.Rules, run.Game);
            var rollout = new Rollout(game.Spec, count);
            var collector = new RolloutCollector(game, run.Seed, first);
            await collector.CollectAsync(actors, ActingMode.Greedy, RandomPurpose.TestReset, 0, rollout);
            EpisodeReturns.Compute(rollout, returns.AsSpan(first, count));
        }

        return returns;
    }
}
