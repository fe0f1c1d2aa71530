using FsCheck;
using FsCheck.Fluent;
using Madrl.Environments.Replay;

namespace Madrl.Environments.Tests.Replay;

public class ReplayBufferTests
{
    private const int Copies = 7;
    private const int Batch = 50;

    /// <summary>Iterations played, iterations kept, cut between two shards, whole episodes or not.</summary>
    private static readonly Arbitrary<(int Played, int Rounds, int Cut, bool Whole)> _runs = (
        from played in Gen.Choose(1, 9)
        from rounds in Gen.Choose(1, 5)
        from cut in Gen.Choose(1, Copies - 1)
        from whole in Gen.Elements(true, false)
        select (played, rounds, cut, whole)).ToArbitrary();

    [Fact]
    public void Any_split_over_shards_gives_the_same_batch() => Prop.ForAll(_runs, run =>
    {
        var replay = ReplayGames.Describe(run.Rounds * Copies * ReplayGames.Limit, Batch, run.Whole);
        var index = new ReplayIndex(replay, 5, Copies, ReplayGames.Limit);
        var picks = new ReplayPick[Batch];
        Fill(index, 0, Copies, run.Played);
        index.Draw(update: 8, run.Played - 1, picks);
        var whole = Gather(Filled(replay, run.Rounds, 0, Copies, run.Played), picks, run.Whole);

        var joined = Piece(Batch, run.Whole);
        foreach (var (first, count) in new[] { (0, run.Cut), (run.Cut, Copies - run.Cut) })
        {
            var rows = Enumerable.Range(0, Batch).Where(row => picks[row].Copy >= first && picks[row].Copy < first + count).ToArray();
            if (rows.Length == 0) continue;
            var part = Gather(Filled(replay, run.Rounds, first, count, run.Played), [.. rows.Select(row => picks[row])], run.Whole);
            for (var row = 0; row < rows.Length; row++) part.CopyTo(row, joined, rows[row], 1);
        }

        Assert.Equal(ReplayGames.Content(whole), ReplayGames.Content(joined));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_transition_is_an_episode_of_one_step()
    {
        var buffer = Filled(ReplayGames.Describe(1000), rounds: 2, 3, 2, played: 2);
        var played = ReplayGames.Play(1, 3, 2);
        for (var copy = 0; copy < 2; copy++)
        {
            for (var step = 0; step < played.Lengths[copy]; step++)
            {
                var piece = Piece(1, whole: false);
                buffer.Gather([new ReplayPick(1, 3 + copy, step)], piece);
                var (entry, action) = (copy * (ReplayGames.Limit + 1) + step, copy * ReplayGames.Limit + step);
                Assert.Equal(played.Observations[0][(2 * entry)..(2 * entry + 4)], piece.Observations[0]);
                Assert.Equal(played.States[entry..(entry + 2)], piece.States);
                Assert.Equal(played.Actions[0][action], piece.Actions[0][0]);
                Assert.Equal(played.Rewards[0][action], piece.Rewards[0][0]);
                Assert.Equal(1, piece.Lengths[0]);
                Assert.Equal(played.Terminated[copy] && step == played.Lengths[copy] - 1, piece.Terminated[0]);
            }
        }
    }

    [Fact]
    public void What_is_kept_is_what_was_appended_and_the_oldest_goes_first() => Prop.ForAll(_runs, run =>
    {
        var buffer = Filled(ReplayGames.Describe(1), run.Rounds, 0, Copies, run.Played);
        Assert.Equal(run.Played - 1, buffer.Latest);
        Assert.Equal(Math.Max(0, run.Played - run.Rounds), buffer.Oldest);
        var read = new Rollout(ReplayGames.Spec, Copies);
        for (var iteration = buffer.Oldest; iteration <= buffer.Latest; iteration++)
        {
            buffer.Read(iteration, read);
            Assert.Equal(ReplayGames.Content(ReplayGames.Play(iteration, 0, Copies)), ReplayGames.Content(read));
        }

        Assert.Throws<ArgumentException>(() => buffer.Read(buffer.Oldest - 1, read));
        Assert.Throws<ArgumentException>(() => buffer.Read(buffer.Latest + 1, read));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Memory_grows_by_doubling_up_to_the_ring()
    {
        var buffer = new ReplayBuffer(ReplayGames.Spec, ReplayGames.Describe(1), 6, 0, 1);
        var slots = new List<int>();
        for (var iteration = 0; iteration < 14; iteration++)
        {
            buffer.Append(iteration, ReplayGames.Play(iteration, 0, 1));
            slots.Add(buffer.Slots);
        }

        Assert.Equal([1, 2, 4, 4, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6], slots);
    }

    [Fact]
    public void A_cleared_buffer_takes_up_where_a_checkpoint_ends()
    {
        var replay = ReplayGames.Describe(1);
        var buffer = Filled(replay, rounds: 3, 0, 2, played: 8);
        var restored = Filled(replay, rounds: 3, 0, 2, played: 2);
        restored.Clear();
        Assert.Equal((0, -1), (restored.Oldest, restored.Latest));
        var segment = new Rollout(ReplayGames.Spec, 2);
        for (var iteration = buffer.Oldest; iteration <= buffer.Latest; iteration++)
        {
            buffer.Read(iteration, segment);
            restored.Append(iteration, segment);
        }

        Assert.Equal((buffer.Oldest, buffer.Latest), (restored.Oldest, restored.Latest));
        foreach (var full in new[] { buffer, restored }) full.Append(8, ReplayGames.Play(8, 0, 2));
        ReplayPick[] picks = [new(6, 1, 0), new(7, 0, 0), new(8, 1, 0)];
        Assert.Equal(ReplayGames.Content(Gather(buffer, picks, false)), ReplayGames.Content(Gather(restored, picks, false)));
    }

    [Fact]
    public void States_are_stored_only_where_they_are_wanted()
    {
        var buffer = Filled(ReplayGames.Describe(1, states: false), rounds: 1, 0, 1, played: 1);
        var piece = new Rollout(ReplayGames.Spec, 1, 1, states: false);
        buffer.Gather([new ReplayPick(0, 0, 0)], piece);
        Assert.Empty(piece.States);
        Assert.Throws<ArgumentException>(() => buffer.Gather([new ReplayPick(0, 0, 0)], Piece(1, whole: false)));
    }

    [Fact]
    public void Picks_that_are_not_kept_and_iterations_out_of_turn_are_refused()
    {
        var buffer = Filled(ReplayGames.Describe(1), rounds: 2, 3, 2, played: 4);
        var length = ReplayGames.Play(3, 3, 2).Lengths[0];
        ReplayPick[] wrong = [new(1, 3, 0), new(4, 3, 0), new(3, 2, 0), new(3, 5, 0), new(3, 3, length), new(3, 3, -1)];
        foreach (var pick in wrong) Assert.Throws<ArgumentException>(() => Gather(buffer, [pick], false));
        Assert.Throws<ArgumentException>(() => buffer.Append(3, ReplayGames.Play(3, 3, 2)));
        Assert.Throws<ArgumentException>(() => buffer.Append(5, ReplayGames.Play(5, 3, 2)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gathering_allocates_nothing(bool whole)
    {
        var replay = ReplayGames.Describe(1000, Batch, whole);
        var buffer = Filled(replay, rounds: 3, 0, Copies, played: 4);
        var index = new ReplayIndex(replay, 5, Copies, ReplayGames.Limit);
        Fill(index, 0, Copies, 4);
        var picks = new ReplayPick[Batch];
        var piece = Piece(Batch, whole);
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            index.Draw(round, 1, picks);
            index.Draw(round, 3, picks);
            for (var row = 0; row < Batch; row++) picks[row] = picks[row] with { Iteration = Math.Max(1, picks[row].Iteration), Step = 0 };
            buffer.Gather(picks, piece);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (round > 0) Assert.Equal(0, allocated);
        }
    }

    private static ReplayBuffer Filled(ReplayDescription replay, int rounds, int firstCopy, int copies, int played)
    {
        var buffer = new ReplayBuffer(ReplayGames.Spec, replay, rounds, firstCopy, copies);
        for (var iteration = 0; iteration < played; iteration++) buffer.Append(iteration, ReplayGames.Play(iteration, firstCopy, copies));
        return buffer;
    }

    private static void Fill(ReplayIndex index, int firstCopy, int copies, int played)
    {
        for (var iteration = 0; iteration < played; iteration++)
            index.Add(iteration, firstCopy, ReplayGames.Play(iteration, firstCopy, copies).Lengths);
    }

    private static Rollout Piece(int batch, bool whole) => new(ReplayGames.Spec, batch, whole ? ReplayGames.Limit : 1);

    private static Rollout Gather(ReplayBuffer buffer, ReplayPick[] picks, bool whole)
    {
        var piece = Piece(picks.Length, whole);
        buffer.Gather(picks, piece);
        return piece;
    }
}
