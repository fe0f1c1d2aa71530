using Madrl.Numerics;

namespace Madrl.Environments.Replay;

/// <summary>
/// Draws what an update learns from. It knows the lengths of all kept episodes of all shards and nothing else, and a draw
/// is keyed by the update's number alone: no shard, no order and no earlier draw has a say in it.
/// </summary>
public sealed class ReplayIndex
{
    private readonly ReplayDescription _replay;
    private readonly ulong _seed;
    private readonly int _copies;
    private readonly int _limit;
    private readonly int _rounds;
    private int[] _lengths = [];
    private long[] _iterations = [];

    /// <summary>An index without episodes.</summary>
    /// <param name="replay">What the learner wants.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="copies">Copies of all shards, K.</param>
    /// <param name="episodeLimit">Steps of an episode, T.</param>
    public ReplayIndex(ReplayDescription replay, ulong seed, int copies, int episodeLimit)
    {
        _rounds = new ReplaySchedule(replay, copies, episodeLimit).Rounds;
        _replay = replay;
        _seed = seed;
        _copies = copies;
        _limit = episodeLimit;
    }

    /// <summary>Adds one shard's episodes of an iteration; those of the iteration that falls out of the ring are forgotten.</summary>
    /// <param name="iteration">The iteration.</param>
    /// <param name="firstCopy">Global index of the shard's first copy.</param>
    /// <param name="lengths">Steps that each episode lasted, 1 to T.</param>
    public void Add(long iteration, int firstCopy, ReadOnlySpan<int> lengths)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        ArgumentOutOfRangeException.ThrowIfNegative(firstCopy);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstCopy + lengths.Length, _copies, nameof(lengths));
        foreach (var length in lengths)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, nameof(lengths));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _limit, nameof(lengths));
        }

        var slot = (int)(iteration % _rounds);
        Grow(slot + 1);
        if (_iterations[slot] != iteration) _lengths.AsSpan(slot * _copies, _copies).Clear();
        _iterations[slot] = iteration;
        lengths.CopyTo(_lengths.AsSpan(slot * _copies + firstCopy));
    }

    /// <summary>
    /// Draws with replacement, uniformly over the transitions (or the episodes) of the kept iterations. A transition is found
    /// by rejection: a step beyond its episode's end is drawn again, together with its episode.
    /// </summary>
    /// <param name="update">Number of the update, the key of the draw; below 2^32.</param>
    /// <param name="latestIteration">The latest iteration that counts; those that it has pushed out do not.</param>
    /// <param name="picks">Receives the picks [Batch].</param>
    /// <exception cref="InvalidOperationException">An episode that was drawn is not there.</exception>
    public void Draw(long update, long latestIteration, Span<ReplayPick> picks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(latestIteration);
        var oldest = Oldest(latestIteration);
        var kept = (int)(latestIteration - oldest + 1);
        var random = new KeyedRandom(_seed, RandomPurpose.Replay, 0, 0, update);
        for (var row = 0; row < picks.Length;)
        {
            var iteration = oldest + random.NextInt32(kept);
            var copy = random.NextInt32(_copies);
            var step = _replay.WholeEpisodes ? 0 : random.NextInt32(_limit);
            if (step < Length(iteration, copy)) picks[row++] = new ReplayPick(iteration, copy, step);
        }
    }

    /// <summary>The lengths of all kept episodes, for a checkpoint; they do not depend on the shards.</summary>
    /// <param name="latestIteration">The latest iteration.</param>
    /// <returns>[kept iterations, K], the oldest iteration first.</returns>
    /// <exception cref="InvalidOperationException">An episode is not there.</exception>
    public int[] SaveLengths(long latestIteration)
    {
        var oldest = Oldest(latestIteration);
        var lengths = new int[(latestIteration - oldest + 1) * _copies];
        for (var i = 0; i < lengths.Length; i++) lengths[i] = Length(oldest + i / _copies, i % _copies);
        return lengths;
    }

    /// <summary>Forgets everything and takes back what <see cref="SaveLengths"/> gave.</summary>
    /// <param name="latestIteration">The latest iteration then.</param>
    /// <param name="lengths">[kept iterations, K].</param>
    /// <exception cref="ArgumentException">There are more or fewer lengths than this run keeps by then, or one is impossible.</exception>
    public void LoadLengths(long latestIteration, ReadOnlySpan<int> lengths)
    {
        var oldest = Oldest(latestIteration);
        var expected = (latestIteration - oldest + 1) * _copies;
        if (lengths.Length != expected)
            throw new ArgumentException($"{lengths.Length} episode lengths instead of {expected}.", nameof(lengths));
        (_lengths, _iterations) = ([], []);
        for (var iteration = oldest; iteration <= latestIteration; iteration++)
            Add(iteration, 0, lengths.Slice((int)(iteration - oldest) * _copies, _copies));
    }

    private long Oldest(long latestIteration) => Math.Max(0, latestIteration - _rounds + 1);

    private int Length(long iteration, int copy)
    {
        var slot = (int)(iteration % _rounds);
        var length = slot < _iterations.Length && _iterations[slot] == iteration ? _lengths[slot * _copies + copy] : 0;
        return length > 0
            ? length
            : throw new InvalidOperationException($"The episode of copy {copy} in iteration {iteration} is not in the index.");
    }

    private void Grow(int slots)
    {
        if (slots <= _iterations.Length) return;
        var size = Math.Min(_rounds, Math.Max(slots, 2 * _iterations.Length));
        Array.Resize(ref _iterations, size);
        Array.Resize(ref _lengths, checked(size * _copies));
    }
}
