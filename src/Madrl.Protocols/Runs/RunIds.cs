using System.Globalization;
using System.Text.RegularExpressions;
using Madrl.Environments.Settings;

namespace Madrl.Protocols.Runs;

/// <summary>
/// Ids of runs, which are also names of their folders: <c>simple-spread-mappo-s1-20261122-173205</c>, with <c>-2</c> and so on
/// appended where the name is taken.
/// </summary>
public static partial class RunIds
{
    /// <summary>Longest id: a folder name that every file system takes.</summary>
    public const int MaxLength = 128;

    /// <summary>How many runs may have the same task, algorithm, seed and second.</summary>
    public const int MaxSameName = 1000;

    private const string SecondFormat = "yyyyMMdd-HHmmss";

    /// <summary>The id of a run that starts now, by UTC.</summary>
    /// <param name="task">Name of the task.</param>
    /// <param name="algorithm">Name of the algorithm.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The names do not make a valid id.</exception>
    public static string New(string task, string algorithm, ulong seed, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var id = string.Create(CultureInfo.InvariantCulture, $"{task}-{algorithm}-s{seed}-{time.GetUtcNow().ToString(SecondFormat, CultureInfo.InvariantCulture)}");
        return IsValid(id) ? id : throw Invalid(id, nameof(task));
    }

    /// <summary>
    /// How long until no new run can get this id: until the second that it names is past. Zero for an id that names none, or one
    /// further ahead than a clock that runs evenly allows.
    /// </summary>
    /// <param name="id">The id.</param>
    /// <param name="time">The clock.</param>
    public static TimeSpan UntilPast(string id, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (Second().Match(id) is not { Success: true } named) return TimeSpan.Zero;
        if (!DateTimeOffset.TryParseExact(named.Groups[1].Value, SecondFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var second))
            return TimeSpan.Zero;
        var left = second.AddSeconds(1) - time.GetUtcNow();

        // Timers count whole milliseconds.
        return left > TimeSpan.Zero && left <= TimeSpan.FromSeconds(1) ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero;
    }

    /// <summary>An id, and what a run gets in its place where it is taken, one after the other: <c>-2</c>, <c>-3</c> appended.</summary>
    /// <param name="id">The id.</param>
    public static IEnumerable<string> Variants(string id) => Enumerable.Range(1, MaxSameName)
        .Select(number => number == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}-{number}"));

    /// <summary>Whether a text can be a run's id: small letters, digits and single hyphens between them.</summary>
    /// <param name="id">The text.</param>
    public static bool IsValid(string? id) => PlainNames.IsOne(id, MaxLength);

    /// <summary>Refuses what cannot be an id.</summary>
    /// <exception cref="ArgumentException">It cannot; the message says what can.</exception>
    public static void ThrowIfInvalid(string id, string argument)
    {
        if (!IsValid(id)) throw Invalid(id, argument);
    }

    private static ArgumentException Invalid(string id, string argument) =>
        new($"'{id}' cannot be a run's id: it takes small letters, digits and single hyphens, at most {MaxLength}.", argument);

    [GeneratedRegex(@"-(\d{8}-\d{6})(-\d+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Second();
}
