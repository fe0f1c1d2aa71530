using System.Globalization;

namespace Madrl.Grains.Abstractions;

/// <summary>Keys of the grains: the run's id, then what distinguishes the grain within the run.</summary>
public static class GrainKeys
{
    /// <summary>Key of a run's environment grain.</summary>
    public static string Environment(string run, int shard) => string.Create(CultureInfo.InvariantCulture, $"{run}/{shard}");

    /// <summary>Key of a shard's replay grain.</summary>
    public static string Replay(string run, int shard) => string.Create(CultureInfo.InvariantCulture, $"{run}/{shard}");

    /// <summary>Key of a run's agent grain.</summary>
    public static string Agent(string run, int agent) => string.Create(CultureInfo.InvariantCulture, $"{run}/{agent}");

    /// <summary>Key of the grain in which an agent acts for one shard.</summary>
    public static string Replica(string run, int shard, int agent) => string.Create(CultureInfo.InvariantCulture, $"{run}/{shard}/{agent}");

    /// <summary>The run that a key belongs to.</summary>
    public static string RunOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var end = key.IndexOf('/', StringComparison.Ordinal);
        return end < 0 ? key : key[..end];
    }

    /// <summary>Number number <paramref name="position"/> after the run's id.</summary>
    /// <exception cref="FormatException">The key has no such number.</exception>
    public static int Number(string key, int position)
    {
        ArgumentNullException.ThrowIfNull(key);
        var parts = key.Split('/');
        return position + 1 < parts.Length && int.TryParse(parts[position + 1], CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"The grain key '{key}' has no number at position {position}.");
    }
}
