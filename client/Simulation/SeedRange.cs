using System.Globalization;

namespace Madrl.Terminal.Simulation;

/// <summary>The seeds of <c>--seeds A..B</c>, both included.</summary>
/// <param name="First">A.</param>
/// <param name="Last">B.</param>
internal readonly record struct SeedRange(ulong First, ulong Last)
{
    /// <summary>Most seeds at once.</summary>
    public const ulong Most = 1_000_000;

    /// <summary>Reads <c>A..B</c>, or a single seed.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static SeedRange Parse(string text)
    {
        var parts = text.Split("..");
        if (parts.Length <= 2 && TryParse(parts[0], out var first) && TryParse(parts[^1], out var last) && first <= last && last - first < Most)
            return new SeedRange(first, last);
        throw new UsageException($"'{text}' is not a value of --seeds: it takes A..B, A not above B, at most {Most:N0} seeds; or one seed.");
    }

    /// <summary>The seeds, in order.</summary>
    public IEnumerable<ulong> All
    {
        get
        {
            for (var seed = First; ; seed++)
            {
                yield return seed;
                if (seed == Last) yield break;
            }
        }
    }

    private static bool TryParse(string text, out ulong seed) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
