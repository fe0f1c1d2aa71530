using System.Text.RegularExpressions;

namespace Madrl.Environments.Settings;

/// <summary>Names that stand in commands, ids and names of folders: small letters, digits and single hyphens between them.</summary>
public static partial class PlainNames
{
    /// <summary>Whether a text is such a name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">The most characters that it may have.</param>
    public static bool IsOne(string? text, int longest) => text is not null && text.Length <= longest && Pattern().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
