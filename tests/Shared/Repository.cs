namespace Madrl.Tests.Shared;

/// <summary>Where the sources lie that a test runs in the middle of.</summary>
internal static class Repository
{
    private static readonly Lazy<string> _root = new(Find);

    /// <summary>The folder of the solution.</summary>
    /// <exception cref="InvalidOperationException">There is none above the test.</exception>
    public static string Root => _root.Value;

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MadrlOrleans.sln"))) folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException(
                $"No MadrlOrleans.sln above {AppContext.BaseDirectory}: run the tests inside the repository.");
    }
}
