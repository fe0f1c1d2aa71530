namespace Madrl.Hosting.Storage;

/// <summary>Finds what somebody who mistyped a name may have meant.</summary>
internal static class NearestNames
{
    private const int Suggestions = 3;

    /// <summary>The names that take the fewest changed characters to reach, nearest first.</summary>
    public static IEnumerable<string> Of(string name, IEnumerable<string> names) =>
        names.OrderBy(candidate => Distance(name, candidate))
            .ThenBy(candidate => candidate, StringComparer.Ordinal)
            .Take(Suggestions);

    // Levenshtein's distance, one row at a time.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
