namespace Madrl.Environments.Replay;

/// <summary>
/// When an off-policy learner learns, and how much experience stays. Both go by the slots of an iteration (copies x episode
/// limit), not by the steps that its episodes happened to last, so that they are known beforehand.
/// </summary>
public sealed class ReplaySchedule
{
    private readonly ReplayDescription _replay;
    private readonly long _steps;

    /// <summary>The schedule of a run.</summary>
    /// <param name="replay">What the learner wants.</param>
    /// <param name="copies">Copies of all shards, at least 1.</param>
    /// <param name="episodeLimit">Steps of an episode, T, at least 1.</param>
    public ReplaySchedule(ReplayDescription replay, int copies, int episodeLimit)
    {
        ArgumentNullException.ThrowIfNull(replay);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(episodeLimit, 1);
        _replay = replay;
        _steps = (long)copies * episodeLimit;
        Rounds = (int)Math.Clamp(replay.Capacity / _steps, 1, int.MaxValue);
    }

    /// <summary>Iterations whose experience is kept.</summary>
    public int Rounds { get; }

    /// <summary>The updates that are due once an iteration's episodes are stored.</summary>
    /// <param name="iteration">Number of the iteration, from 0.</param>
    /// <returns>Number of the first one since the run's start, and how many there are.</returns>
    public (long First, int Count) Updates(long iteration)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        var first = UpdatesBefore(iteration);
        return (first, checked((int)(UpdatesBefore(iteration + 1) - first)));
    }

    private long UpdatesBefore(long iteration) => Math.Max(0, iteration * _steps - _replay.WarmUp) / _replay.UpdateEvery;
}
