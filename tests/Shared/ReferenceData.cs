using System.Text.Json;

namespace Madrl.Tests.Shared;

/// <summary>
/// Where the golden data lie: the directory that MADRL_REFERENCE names, else <c>../shared/reference</c> beside the
/// repository, else the subset in <c>tests/data/reference</c>.
/// </summary>
internal static class ReferenceData
{
    private const string Variable = "MADRL_REFERENCE";

    private static readonly Lazy<string> _root = new(FindRoot);

    /// <summary>The directory in use.</summary>
    public static string Root => _root.Value;

    /// <summary>The files of a folder and its subfolders that match a pattern, relative to <see cref="Root"/>, sorted.</summary>
    /// <param name="folder">Folder below the root: <c>mpe</c>.</param>
    /// <param name="pattern">File name pattern: <c>simple_spread.*.json</c>.</param>
    /// <exception cref="InvalidOperationException">No file matches: a test without cases proves nothing.</exception>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        var path = Path.Combine(Root, folder);
        string[] files = Directory.Exists(path) ? Directory.GetFiles(path, pattern, SearchOption.AllDirectories) : [];
        if (files.Length == 0)
            throw new InvalidOperationException($"The reference data in {Root} hold no {folder}/**/{pattern}.");
        return [.. files.Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Full path of a file that <see cref="Files"/> named.</summary>
    public static string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>A JSON file that <see cref="Files"/> named.</summary>
    public static JsonElement ReadJson(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(file)));
        return document.RootElement.Clone();
    }

    /// <summary>The directory that the rules choose.</summary>
    /// <param name="named">Value of MADRL_REFERENCE, or null.</param>
    /// <param name="repository">The repository's root.</param>
    /// <exception cref="InvalidOperationException">The named directory is missing or empty.</exception>
    internal static string Choose(string? named, string repository)
    {
        if (!string.IsNullOrEmpty(named))
        {
            if (!Directory.Exists(named) || !Directory.EnumerateFileSystemEntries(named).Any())
            {
                throw new InvalidOperationException(
                    $"{Variable} names '{named}', which is missing or empty: name a directory of reference data, or unset it.");
            }

            return Path.GetFullPath(named);
        }

        var shared = Path.GetFullPath(Path.Combine(repository, "..", "shared", "reference"));
        return Directory.Exists(shared) ? shared : Path.Combine(repository, "tests", "data", "reference");
    }

    private static string FindRoot() => Choose(Environment.GetEnvironmentVariable(Variable), Repository.Root);
}
