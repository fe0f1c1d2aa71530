using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning;

/// <summary>
/// Training without grains: the same episodes, the same actions, the same updates in one plain loop. It is what the
/// libraries do on their own, the definition that runs through grains must agree with to the bit, and the measure of what
/// the actor model costs.
/// </summary>
public sealed class PlainLoop
{
    private readonly Learner _learner;
    private readonly RolloutCollector _collector;
    private readonly PolicyActors _actors;
    private readonly Rollout[] _rollout;
    private readonly ReplayLoop? _replay;

    /// <summary>A loop at its start.</summary>
    /// <param name="game">All copies of the game.</param>
    /// <param name="learner">The learner; the caller keeps it.</param>
    /// <param name="seed">The run's seed.</param>
    public PlainLoop(IMarkovGame game, Learner learner, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentNullException.ThrowIfNull(learner);
        _learner = learner;
        _collector = new RolloutCollector(game, seed, firstCopy: 0);
        _actors = new PolicyActors(seed);
        _rollout = [new Rollout(game.Spec, game.Copies)];
        if (learner.Replay is { } replay) _replay = new ReplayLoop(game, learner, replay, seed);
    }

    /// <summary>Iterations completed.</summary>
    public long Iteration { get; private set; }

    /// <summary>Plays one episode in every copy and learns from it.</summary>
    /// <param name="iterations">Iterations of the whole run: what schedules go by.</param>
    /// <returns>What the learner measured last, by name; empty if no update was due.</returns>
    public IReadOnlyDictionary<string, double> Iterate(long iterations)
    {
        _actors.Use([.. _learner.ExportPolicies().Select((weights, agent) => new Policy(_learner.Policy, weights, agent))]);
        var collecting = _collector.CollectAsync(_actors, ActingMode.Explore, RandomPurpose.Reset, Iteration, _rollout[0]);
        if (!collecting.IsCompletedSuccessfully) collecting.AsTask().GetAwaiter().GetResult();
        var progress = (double)Iteration / iterations;
        var iteration = Iteration++;
        return _replay is null ? _learner.Learn(_rollout, iteration, progress) : _replay.Learn(_rollout[0], iteration, progress);
    }
}
