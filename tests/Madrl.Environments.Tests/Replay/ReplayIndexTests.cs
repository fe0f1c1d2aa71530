using Madrl.Environments.Replay;

namespace Madrl.Environments.Tests.Replay;

public class ReplayIndexTests
{
    private const int Copies = 3;
    private const int Limit = ReplayGames.Limit;
    private const int Draws = 60_000;

    /// <summary>The lengths of iterations 0 to 4; the ring holds 4 of them.</summary>
    private static readonly int[][] _lengths = [[6, 6, 6], [1, 6, 2], [3, 3, 3], [6, 1, 1], [2, 5, 4]];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Draws_are_valid_and_uniform(bool whole)
    {
        var picks = new ReplayPick[Draws];
        Filled(whole).Draw(update: 17, latestIteration: 4, picks);
        var counts = picks.GroupBy(pick => pick).ToDictionary(group => group.Key, group => group.Count());
        var possible = (
            from iteration in Enumerable.Range(1, 4)
            from copy in Enumerable.Range(0, Copies)
            from step in Enumerable.Range(0, whole ? 1 : _lengths[iteration][copy])
            select new ReplayPick(iteration, copy, step)).ToHashSet();
        Assert.Equal(possible, counts.Keys.ToHashSet());

        // The 99.9 % quantiles with 36 and 11 degrees of freedom.
        var expected = (double)Draws / possible.Count;
        Assert.InRange(counts.Values.Sum(count => (count - expected) * (count - expected) / expected), 0.1, whole ? 31.26 : 67.99);
    }

    [Fact]
    public void Before_the_ring_is_full_only_what_was_played_is_drawn()
    {
        var picks = new ReplayPick[1000];
        Filled(false, played: 2).Draw(0, 1, picks);
        Assert.Equal([0L, 1], picks.Select(pick => pick.Iteration).Distinct().Order());
    }

    [Fact]
    public void A_draw_depends_on_the_update_and_the_seed_and_on_no_other_draw()
    {
        ReplayPick[] Draw(ReplayIndex index, long update)
        {
            var picks = new ReplayPick[20];
            index.Draw(update, 4, picks);
            return picks;
        }

        var index = Filled(false);
        var first = Draw(index, 3);
        Assert.NotEqual(first, Draw(index, 4));
        Assert.NotEqual(first, Draw(Filled(false, seed: 10), 3));
        Assert.Equal(first, Draw(index, 3));
        Assert.Equal(first, Draw(Filled(false, cut: 2), 3));
    }

    [Fact]
    public void Saved_lengths_bring_the_index_back_whatever_the_shards()
    {
        var saved = Filled(false, cut: 1).SaveLengths(4);
        Assert.Equal(_lengths[1..].SelectMany(lengths => lengths), saved);
        var restored = Filled(false, played: 1);
        restored.LoadLengths(4, saved);
        var (expected, actual) = (new ReplayPick[50], new ReplayPick[50]);
        Filled(false).Draw(9, 4, expected);
        restored.Draw(9, 4, actual);
        Assert.Equal(expected, actual);
        Assert.Throws<ArgumentException>(() => restored.LoadLengths(5, saved.AsSpan(1)));
    }

    [Fact]
    public void Lengths_that_are_impossible_or_missing_are_refused()
    {
        var index = Filled(false);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Add(5, 0, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Add(5, 0, [Limit + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Add(5, 1, [1, 1, 1]));
        index.Add(5, 0, [1]);
        Assert.Throws<InvalidOperationException>(() => index.Draw(0, 5, new ReplayPick[1000]));
        Assert.Throws<InvalidOperationException>(() => index.SaveLengths(5));
    }

    [Fact]
    public void Updates_follow_the_steps_after_the_warm_up()
    {
        // 15 steps an iteration; after 40 of them every 10 give an update.
        var schedule = new ReplaySchedule(new ReplayDescription(100, 1, false, UpdateEvery: 10, WarmUp: 40, false), Copies, 5);
        Assert.Equal([(0L, 0), (0, 0), (0, 0), (0, 2), (2, 1), (3, 2)], Enumerable.Range(0, 6).Select(i => schedule.Updates(i)));
        Assert.Equal(6, schedule.Rounds);
        Assert.Equal(1, new ReplaySchedule(new ReplayDescription(1, 1, false, 1, 0, false), Copies, 5).Rounds);
    }

    [Fact]
    public void A_description_must_make_sense()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayDescription(0, 1, false, 1, 0, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayDescription(1, 0, false, 1, 0, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayDescription(1, 1, false, 0, 0, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayDescription(1, 1, false, 1, -1, false));
    }

    /// <summary>An index fed shard by shard, the later shard first.</summary>
    private static ReplayIndex Filled(bool whole, int played = 5, ulong seed = 9, int cut = Copies)
    {
        var index = new ReplayIndex(ReplayGames.Describe(4 * Copies * Limit, wholeEpisodes: whole), seed, Copies, Limit);
        for (var iteration = 0; iteration < played; iteration++)
        {
            index.Add(iteration, cut, _lengths[iteration].AsSpan(cut));
            index.Add(iteration, 0, _lengths[iteration].AsSpan(0, cut));
        }

        return index;
    }
}
