namespace Madrl.Environments.Settings;

/// <summary>Which valid names a mistyped one was probably meant to be.</summary>
public static class NearestNames
{
    private const int Suggestions = 3;

    /// <summary>Up to three valid names that resemble the given one, the nearest first; none if nothing resembles it.</summary>
    /// <param name="name">The name as typed.</param>
    /// <param name="valid">The valid names.</param>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> valid)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(valid);
        var typed = name.ToLowerInvariant();
        var near = valid
            .Select(candidate => (Name: candidate, Distance: DistanceOrPart(typed, candidate.ToLowerInvariant())))
            .Where(candidate => 2 * candidate.Distance <= Math.Max(typed.Length, 2))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .ToArray();

        // Beside one that differs in a letter, one that differs in six is noise.
        return [.. near
            .TakeWhile(candidate => candidate.Distance <= 2 * Math.Max(1, near[0].Distance))
            .Take(Suggestions)
            .Select(candidate => candidate.Name)];
    }

    /// <summary>The message for an unknown name: what it is, the nearest valid names, or all of them if none is near.</summary>
    /// <param name="kind">What the name stands for: <c>task</c>, <c>algorithm</c>.</param>
    /// <param name="name">The name as typed.</param>
    /// <param name="valid">The valid names, at least one.</param>
    public static string Message(string kind, string name, IReadOnlyCollection<string> valid)
    {
        var nearest = Of(name, valid);
        return nearest.Count > 0
            ? $"There is no {kind} '{name}': did you mean {string.Join(" or ", nearest)}?"
            : $"There is no {kind} '{name}': choose one of {string.Join(", ", valid)}.";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.</summary>
    public static int Distance(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var costs = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
        {
            for (var j = 0; j <= second.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    costs[i, j] = i + j;
                    continue;
                }

                var replaced = costs[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                costs[i, j] = Math.Min(replaced, 1 + Math.Min(costs[i - 1, j], costs[i, j - 1]));
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
            }
        }

        return costs[first.Length, second.Length];
    }

    /// <summary>Someone who typed <c>spread</c> meant <c>simple-spread</c>: a contained name counts as one edit away.</summary>
    private static int DistanceOrPart(string typed, string candidate)
    {
        var distance = Distance(typed, candidate);
        return typed.Length >= 3 && candidate.Contains(typed, StringComparison.Ordinal) ? Math.Min(1, distance) : distance;
    }
}
