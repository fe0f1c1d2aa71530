using System.Diagnostics;

namespace Madrl.Benchmarks;

/// <summary>One side of a comparison: makes the same update again and again.</summary>
internal abstract class Contender : IDisposable
{
    /// <summary>What the last update measured: losses, or outputs. The same numbers in the same order on all sides.</summary>
    public abstract IReadOnlyList<double> Measured { get; }

    /// <summary>Makes updates.</summary>
    /// <param name="updates">How many, at least 1.</param>
    /// <returns>Seconds that they took together.</returns>
    public abstract double Run(int updates);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>A side that computes in this process.</summary>
internal abstract class LocalContender : Contender
{
    /// <inheritdoc/>
    public sealed override double Run(int updates)
    {
        var started = Stopwatch.GetTimestamp();
        for (var update = 0; update < updates; update++) Update();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>One update.</summary>
    protected abstract void Update();
}
