using System.Globalization;

namespace Madrl.Simulation.Scheduling;

/// <summary>Every decision of a simulation: always as a running hash, which two replays of a seed must share; as text on demand.</summary>
/// <param name="text">Receives a line per decision; null for none.</param>
public sealed class DecisionLog(TextWriter? text = null)
{
    private const ulong Basis = 14695981039346656037, Prime = 1099511628211;

    /// <summary>FNV-1a over all decisions so far.</summary>
    public ulong Hash { get; private set; } = Basis;

    /// <summary>Decisions so far.</summary>
    public long Count { get; private set; }

    internal void Record(TimeSpan now, string what, string whom, long number = 0)
    {
        Count++;
        Add((ulong)now.Ticks);
        Add(what);
        Add(whom);
        Add((ulong)number);
        text?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now.TotalSeconds,12:0.000000} {what} {whom} {number}"));
    }

    private void Add(string value)
    {
        foreach (var character in value) Hash = (Hash ^ character) * Prime;
    }

    private void Add(ulong value) => Hash = (Hash ^ value) * Prime;
}
