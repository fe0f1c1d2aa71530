using System.Diagnostics;
using Madrl.Environments;

namespace Madrl.Benchmarks.Environments;

/// <summary>A game that is stepped on some threads, each with a batch of its own. An update is one step of all copies of all threads.</summary>
internal sealed class EnvironmentContender : Contender
{
    private const int CountedSteps = 10_000;

    private readonly EnvironmentPlay[] _plays;

    /// <summary>Batches that have begun.</summary>
    /// <param name="subject">The game.</param>
    /// <param name="copies">Copies of a batch.</param>
    /// <param name="threads">Threads.</param>
    public EnvironmentContender(GameChoice subject, int copies, int threads)
    {
        Copies = copies;
        _plays = [.. Enumerable.Range(0, threads).Select(thread => new EnvironmentPlay(subject.Create(copies), firstCopy: (long)thread * copies))];
    }

    /// <summary>Copies of a thread's batch.</summary>
    public int Copies { get; }

    /// <summary>Threads.</summary>
    public int Threads => _plays.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measured => [];

    /// <inheritdoc/>
    public override double Run(int updates)
    {
        var started = Stopwatch.GetTimestamp();
        Play(updates);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Managed bytes that all threads allocate per step of a copy; the contender has run before.</summary>
    public double AllocatedBytesPerStep()
    {
        var updates = Math.Max(1, CountedSteps / Copies);
        return (double)Play(updates) / ((long)updates * Copies * Threads);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <returns>Bytes allocated meanwhile by all threads.</returns>
    private long Play(int updates)
    {
        var allocated = new long[Threads];
        Thread[] others = [.. Enumerable.Range(1, Threads - 1).Select(thread => new Thread(() => Play(thread)))];
        foreach (var other in others) other.Start();
        Play(0);
        foreach (var other in others) other.Join();
        return allocated.Sum();

        void Play(int thread)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            _plays[thread].Run(updates);
            allocated[thread] = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
