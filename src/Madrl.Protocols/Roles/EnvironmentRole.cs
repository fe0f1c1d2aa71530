using Madrl.Environments;
using Madrl.Numerics;

namespace Madrl.Protocols.Roles;

/// <summary>Which fixed set of episodes a return is measured on.</summary>
public enum EpisodeSet : byte
{
    /// <summary>The episodes of the evaluations during training.</summary>
    Evaluation,

    /// <summary>The episodes of the final test, which no decision ever looks at.</summary>
    Test,
}

/// <summary>One shard's copies of the game: plays an episode in each of them per iteration, and evaluation episodes on request.</summary>
public sealed class EnvironmentRole
{
    private readonly RunSpecification _run;
    private readonly RolloutCollector _collector;
    private readonly Rollout _rollout;

    /// <summary>The copies of one shard.</summary>
    /// <param name="run">The run.</param>
    /// <param name="shard">Number of the shard, in [0, shards).</param>
    public EnvironmentRole(RunSpecification run, int shard)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
        (FirstCopy, Copies) = Sharding.Range(run.Copies, run.Shards, shard);
        var game = run.CreateGame(Copies);
        Game = game.Spec;
        _collector = new RolloutCollector(game, run.Seed, FirstCopy);
        _rollout = new Rollout(game.Spec, Copies);
    }

    /// <summary>The game.</summary>
    public GameSpec Game { get; }

    /// <summary>Global index of the first copy.</summary>
    public int FirstCopy { get; }

    /// <summary>Copies in this shard.</summary>
    public int Copies { get; }

    /// <summary>
    /// Plays episode number <paramref name="iteration"/> in every copy. No episode is open between two iterations and every
    /// draw is keyed by it, so the shard has no state that a checkpoint would have to keep.
    /// </summary>
    /// <param name="actors">Who acts.</param>
    /// <param name="iteration">The iteration.</param>
    /// <returns>The rollout; valid until the next call.</returns>
    public async ValueTask<Rollout> CollectAsync(IActors actors, long iteration)
    {
        await _collector.CollectAsync(actors, ActingMode.Explore, RandomPurpose.Reset, iteration, _rollout);
        return _rollout;
    }

    /// <summary>Returns (sum over agents and steps) of this shard's part of an episode set.</summary>
    /// <param name="actors">Makes the actors for a batch of the game.</param>
    /// <param name="set">Which episodes.</param>
    /// <param name="episodes">Episodes in the whole set, spread over the shards like copies.</param>
    /// <param name="shard">Number of the shard.</param>
    /// <returns>In the order of the episodes; empty where this shard has none.</returns>
    public async ValueTask<double[]> EvaluateAsync(Func<IMarkovGame, IActors> actors, EpisodeSet set, int episodes, int shard)
    {
        ArgumentNullException.ThrowIfNull(actors);
        var (first, count) = Sharding.Range(episodes, _run.Shards, shard);
        if (count == 0) return [];
        var game = _run.CreateGame(count);
        var purpose = set == EpisodeSet.Test ? RandomPurpose.TestReset : RandomPurpose.EvaluationReset;
        return await EpisodeReturns.PlayAsync(game, actors(game), _run.Seed, purpose, first);
    }
}
