using System.Text.RegularExpressions;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests;

/// <summary>docs/environments.md says what the code says.</summary>
public partial class EnvironmentsPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "environments.md"));

    [Fact]
    public void Its_listings_are_the_files_of_the_example()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "samples", "OwnGame"), "*.cs").Select(File.ReadAllText);
        Assert.Equal(files, Listing().Matches(_page).Select(match => match.Groups[1].Value));
    }

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();
}
