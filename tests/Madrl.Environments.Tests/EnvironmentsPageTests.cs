using System.Text;
using System.Text.RegularExpressions;
using Madrl.Environments.Games.Matrix;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests;

/// <summary>docs/environments.md says what the code says.</summary>
public partial class EnvironmentsPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "environments.md"));

    [Fact]
    public void Its_listings_are_the_files_of_the_example()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "samples", "OwnGame"), "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText);
        Assert.Equal(files, Listing().Matches(_page).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Its_game_file_is_the_prisoners_dilemma()
    {
        var game = NormalFormFile.Read(Encoding.UTF8.GetBytes(Json().Match(_page).Groups[1].Value), "docs/environments.md");
        Assert.Equal([[3, 0, 5, 1], [3, 5, 0, 1]], game.Payoffs);
    }

    [GeneratedRegex("^```json\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();
}
