using System.Text.RegularExpressions;
using Madrl.Tests.Shared;

namespace Madrl.Learning.Tests;

/// <summary>docs/learning.md says what the code says.</summary>
public partial class LearningPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "learning.md"));

    [Fact]
    public void Its_listings_are_the_files_of_the_example()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "samples", "OwnLayer"), "*.cs").Select(File.ReadAllText);
        var listings = Listing().Matches(_page).Select(match => match.Groups[1].Value);
        Assert.Equal(files.Order(StringComparer.Ordinal), listings.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_names_every_place_that_tells_kinds_of_layers_apart()
    {
        var source = Path.Combine(Repository.Root, "src");
        string[] files =
        [
            .. Directory.GetDirectories(source)
                .SelectMany(project => Directory.GetFiles(project, "*.cs", SearchOption.AllDirectories))
                .Where(file => !Path.GetRelativePath(source, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
                .Where(file => File.ReadAllText(file).Contains("LayerKind.", StringComparison.Ordinal))
                .Select(file => Path.GetFileName(file)),
        ];
        Assert.Contains("NetworkDescription.cs", files);
        Assert.All(files, file => Assert.Contains($"`{file}`", _page, StringComparison.Ordinal));
    }

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();
}
