namespace Madrl.Terminal.CommandLine;

/// <summary>Commands as they are typed.</summary>
internal static class Shell
{
    /// <summary>Assemblies that were named to this program, and have to be named again.</summary>
    public static IReadOnlyList<string> Assemblies { get; set; } = [];

    /// <summary>This program: from the repository's root the way the README shows; elsewhere the one that is running.</summary>
    public static string Program => Executable + string.Concat(Assemblies.Select(assembly => $" --assembly {Quote(assembly)}"));

    private static string Executable =>
        File.Exists(Path.Combine("client", "client.csproj")) ? "dotnet run -c Release --project client --"
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" or null
            ? $"dotnet {Quote(Path.Combine(AppContext.BaseDirectory, "madrl.dll"))}"
        : Quote(Environment.ProcessPath!);

    /// <summary>A word in quotes where it needs them: in double ones, which every shell knows, unless a shell would read something into them.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(character => char.IsLetterOrDigit(character) || "/\\._-:~=@".Contains(character)) ? text
        : text.AsSpan().IndexOfAny("\"$`!") < 0 ? $"\"{text}\""
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
