using Madrl.Environments;
using Madrl.Environments.Replay;

namespace Madrl.Learning;

/// <summary>The off-policy half of a plain loop: stores each iteration's episodes and makes the updates that are due.</summary>
internal sealed class ReplayLoop
{
    private readonly Learner _learner;
    private readonly ReplaySchedule _schedule;
    private readonly ReplayIndex _index;
    private readonly ReplayBuffer _buffer;
    private readonly ReplayPick[] _picks;
    private readonly Rollout[] _batch;

    /// <summary>A loop without experience.</summary>
    /// <param name="game">All copies of the game.</param>
    /// <param name="learner">The learner; the caller keeps it.</param>
    /// <param name="replay">What it wants of its experience.</param>
    /// <param name="seed">The run's seed.</param>
    public ReplayLoop(IMarkovGame game, Learner learner, ReplayDescription replay, ulong seed)
    {
        var (spec, copies, limit) = (game.Spec, game.Copies, game.Spec.EpisodeLimit);
        _learner = learner;
        _schedule = new ReplaySchedule(replay, copies, limit);
        _index = new ReplayIndex(replay, seed, copies, limit);
        _buffer = new ReplayBuffer(spec, replay, _schedule.Rounds, firstCopy: 0, copies);
        _picks = new ReplayPick[replay.Batch];
        _batch = [new Rollout(spec, replay.Batch, replay.WholeEpisodes ? limit : 1, replay.KeepsStates)];
    }

    /// <summary>Stores the episodes of an iteration and learns.</summary>
    /// <returns>What the learner measured in the last update; empty if none was due.</returns>
    public IReadOnlyDictionary<string, double> Learn(Rollout rollout, long iteration, double progress)
    {
        _buffer.Append(iteration, rollout);
        _index.Add(iteration, 0, rollout.Lengths);
        IReadOnlyDictionary<string, double> measured = new Dictionary<string, double>();
        var (first, count) = _schedule.Updates(iteration);
        for (var update = first; update < first + count; update++)
        {
            _index.Draw(update, iteration, _picks);
            _buffer.Gather(_picks, _batch[0]);
            measured = _learner.Learn(_batch, update, progress);
        }

        return measured;
    }
}
