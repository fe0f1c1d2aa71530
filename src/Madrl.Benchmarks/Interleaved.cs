namespace Madrl.Benchmarks;

/// <summary>Times contenders in turn, so that what disturbs the machine for a while disturbs all of them.</summary>
internal static class Interleaved
{
    /// <summary>Seconds that each contender runs before it counts: code is compiled, caches and clocks settle.</summary>
    private const double WarmUpSeconds = 1.5;

    /// <summary>Seconds of a contender's part of a round, as estimated from its warm-up: long against the clock and a peer's pipe.</summary>
    private const double RoundSeconds = 0.1;

    /// <summary>Microseconds per update of every contender, medians over the rounds.</summary>
    /// <param name="contenders">In the order in which they take turns.</param>
    /// <param name="rounds">Rounds, at least 1.</param>
    public static double[] Measure(IReadOnlyList<Contender> contenders, int rounds)
    {
        var updates = contenders.Select(WarmUp).ToArray();
        var times = contenders.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contenders.Count; i++) times[i][round] = 1e6 * contenders[i].Run(updates[i]) / updates[i];
        }

        return [.. times.Select(Median.Of)];
    }

    /// <summary>Runs in ever larger pieces until the time is over.</summary>
    /// <returns>Updates that fill a round.</returns>
    private static int WarmUp(Contender contender)
    {
        var (updates, total) = (1, 0.0);
        while (true)
        {
            var seconds = contender.Run(updates);
            total += seconds;
            if (total >= WarmUpSeconds) return Math.Max(1, (int)Math.Ceiling(RoundSeconds * updates / seconds));
            updates *= 2;
        }
    }
}
