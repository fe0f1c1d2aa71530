namespace Madrl.Benchmarks.Tests;

/// <summary>Medians, turns, and what a result says.</summary>
public class MeasurementTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 5.0, 1, 9 }, 5)]
    [InlineData(new[] { 8.0, 1, 2, 4 }, 3)]
    public void The_median_is_the_middle(double[] values, double expected) => Assert.Equal(expected, Median.Of(values));

    [Fact]
    public void A_median_of_nothing_is_refused() => Assert.Throws<ArgumentException>(() => Median.Of([]));

    [Fact]
    public void Contenders_take_turns_and_medians_are_per_update()
    {
        var turns = new List<string>();
        using var slow = new Scripted("slow", 0.25, turns);
        using var fast = new Scripted("fast", 0.05, turns);
        Assert.Equal([250_000, 50_000], Interleaved.Measure([slow, fast], rounds: 3).Select(time => Math.Round(time, 3)));

        // After the warm-ups, a round of the slow one is one update, of the fast one two: 0.1 s.
        Assert.Equal(["slow 1", "fast 2", "slow 1", "fast 2", "slow 1", "fast 2"], turns[^6..]);
    }

    [Fact]
    public void A_result_compares_with_the_naive_form_the_peer_or_one_thread()
    {
        var result = new LearnerResult("x", 1, Ours: 2, One: null, Naive: 6, Peer: 3, AllocatedBytes: 0);
        Assert.Equal((3, 1.5), (result.Ratio, result.PeerRatio));
        var threads = new LearnerResult("x", 2, Ours: 2, One: 3, Naive: null, Peer: null, AllocatedBytes: 0);
        Assert.Equal((1.5, null), (threads.Ratio, threads.PeerRatio));
    }

    [Fact]
    public void No_rounds_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => LearnerBenchmark.Measure("actor-forward-1", 0, null));

    /// <summary>Says that it took a fixed time per update.</summary>
    private sealed class Scripted(string name, double seconds, List<string> turns) : Contender
    {
        public override IReadOnlyList<double> Measured => [];

        public override double Run(int updates)
        {
            turns.Add($"{name} {updates}");
            return seconds * updates;
        }

        public override void Dispose()
        {
        }
    }
}
