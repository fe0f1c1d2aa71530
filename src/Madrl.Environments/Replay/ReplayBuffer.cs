namespace Madrl.Environments.Replay;

/// <summary>
/// One shard's experience: whole episodes, a contiguous array per field and agent, in a ring over iterations. The arrays
/// double until the ring has its full size, so that a short run does not take the memory of a long one.
/// </summary>
public sealed class ReplayBuffer
{
    private readonly GameSpec _game;
    private readonly ReplayDescription _replay;
    private readonly int _rounds;
    private readonly int _firstCopy;
    private readonly int _copies;
    private Rollout? _episodes;
    private int _slots;

    /// <summary>A buffer without episodes.</summary>
    /// <param name="game">The game.</param>
    /// <param name="replay">What the learner wants.</param>
    /// <param name="rounds">Iterations that the ring holds, at least 1: <see cref="ReplaySchedule.Rounds"/>.</param>
    /// <param name="firstCopy">Global index of the shard's first copy.</param>
    /// <param name="copies">Copies in this shard, at least 1.</param>
    public ReplayBuffer(GameSpec game, ReplayDescription replay, int rounds, int firstCopy, int copies)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentNullException.ThrowIfNull(replay);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstCopy);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        (_game, _replay, _rounds, _firstCopy, _copies) = (game, replay, rounds, firstCopy, copies);
    }

    /// <summary>The oldest iteration that is kept; 0 in an empty buffer.</summary>
    public long Oldest { get; private set; }

    /// <summary>The iteration stored last; -1 in an empty buffer.</summary>
    public long Latest { get; private set; } = -1;

    /// <summary>Iterations that the arrays have room for at present.</summary>
    internal int Slots => _slots;

    /// <summary>Stores an iteration's episodes; once the ring is full, in place of the oldest ones.</summary>
    /// <param name="iteration">The iteration: the one after <see cref="Latest"/>, or any in an empty buffer.</param>
    /// <param name="rollout">The shard's episodes.</param>
    /// <exception cref="ArgumentException">Another iteration is due, or the rollout is of another shape.</exception>
    public void Append(long iteration, Rollout rollout)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        ArgumentNullException.ThrowIfNull(rollout);
        if (Latest >= 0 && iteration != Latest + 1)
            throw new ArgumentException($"Iteration {iteration} does not follow iteration {Latest}.", nameof(iteration));
        var slot = (int)(iteration % _rounds);
        var episodes = Grow(slot + 1);
        rollout.CopyTo(0, episodes, slot * _copies, _copies);
        if (Latest < 0) Oldest = iteration;
        Latest = iteration;
        Oldest = Math.Max(Oldest, iteration - _rounds + 1);
    }

    /// <summary>
    /// Writes drawn transitions, or whole episodes, in the order of the picks. A transition is an episode of one step:
    /// entries 0 and 1 are before and after, and it terminated if it ended the game. Allocates nothing.
    /// </summary>
    /// <param name="picks">Of this shard's copies.</param>
    /// <param name="into">As many copies as picks, and 1 step (the episode limit for whole episodes).</param>
    /// <exception cref="ArgumentException">A pick is not kept here, or the rollout is of another shape.</exception>
    public void Gather(ReadOnlySpan<ReplayPick> picks, Rollout into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (into.Copies != picks.Length)
            throw new ArgumentException($"{picks.Length} picks do not fit a rollout of {into.Copies} copies.", nameof(into));
        for (var row = 0; row < picks.Length; row++)
        {
            var episode = EpisodeOf(picks[row]);
            if (_replay.WholeEpisodes) _episodes!.CopyTo(episode, into, row, 1);
            else _episodes!.CopyTransition(episode, picks[row].Step, into, row);
        }
    }

    /// <summary>Writes all of an iteration's episodes, as they were appended: what a segment file holds.</summary>
    /// <param name="iteration">A kept iteration.</param>
    /// <param name="into">A rollout of this shard's shape, with states only if they are kept.</param>
    public void Read(long iteration, Rollout into)
    {
        ArgumentNullException.ThrowIfNull(into);
        _ = EpisodeOf(new ReplayPick(iteration, _firstCopy, 0));
        _episodes!.CopyTo((int)(iteration % _rounds) * _copies, into, 0, _copies);
    }

    /// <summary>Forgets all episodes and gives their memory back.</summary>
    public void Clear()
    {
        (_episodes, _slots) = (null, 0);
        (Oldest, Latest) = (0, -1);
    }

    private int EpisodeOf(ReplayPick pick)
    {
        var copy = pick.Copy - _firstCopy;
        var kept = pick.Iteration >= Oldest && pick.Iteration <= Latest && copy >= 0 && copy < _copies;
        var episode = (int)(pick.Iteration % _rounds) * _copies + copy;
        if (!kept || pick.Step < 0 || pick.Step >= _episodes!.Lengths[episode])
        {
            throw new ArgumentException(
                $"{pick} is not kept here: iterations {Oldest} to {Latest}, copies {_firstCopy} to {_firstCopy + _copies - 1}.");
        }

        return episode;
    }

    private Rollout Grow(int slots)
    {
        if (slots <= _slots) return _episodes!;
        var size = Math.Min(_rounds, Math.Max(slots, 2 * _slots));
        var larger = new Rollout(_game, checked(size * _copies), _game.EpisodeLimit, _replay.KeepsStates);
        _episodes?.CopyTo(0, larger, 0, _slots * _copies);
        (_episodes, _slots) = (larger, size);
        return larger;
    }
}
