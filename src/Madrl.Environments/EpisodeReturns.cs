using Madrl.Numerics;

namespace Madrl.Environments;

/// <summary>The returns of a rollout's episodes.</summary>
public static class EpisodeReturns
{
    /// <summary>Plays an episode of a fixed set in each copy of a batch, greedily.</summary>
    /// <param name="game">The batch.</param>
    /// <param name="actors">Who acts in it.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="set">What the initial states are drawn for, which names the set.</param>
    /// <param name="first">Number of the first copy's episode within the set.</param>
    /// <returns>The returns [K], as <see cref="Compute"/> defines them.</returns>
    public static async ValueTask<double[]> PlayAsync(IMarkovGame game, IActors actors, ulong seed, RandomPurpose set, long first)
    {
        ArgumentNullException.ThrowIfNull(game);
        var rollout = new Rollout(game.Spec, game.Copies);
        // No ConfigureAwait(false): what follows belongs on the caller's scheduler, a grain's or a simulated one.
        await new RolloutCollector(game, seed, first).CollectAsync(actors, ActingMode.Greedy, set, 0, rollout);
        var returns = new double[game.Copies];
        Compute(rollout, returns);
        return returns;
    }

    /// <summary>The return of each copy's episode: the sum of the rewards over agents and steps, undiscounted.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="returns">Receives the returns [K].</param>
    /// <exception cref="ArgumentException"><paramref name="returns"/> is not K long.</exception>
    public static void Compute(Rollout rollout, Span<double> returns)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        if (returns.Length != rollout.Copies)
            throw new ArgumentException($"Returns need {rollout.Copies} numbers, one per copy.", nameof(returns));
        returns.Clear();
        foreach (var rewards in rollout.Rewards)
        {
            for (var copy = 0; copy < rollout.Copies; copy++)
            {
                foreach (var reward in rewards.AsSpan(copy * rollout.Steps, rollout.Lengths[copy])) returns[copy] += reward;
            }
        }
    }
}
