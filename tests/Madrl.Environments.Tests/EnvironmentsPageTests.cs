using System.Text;
using System.Text.RegularExpressions;
using Madrl.Environments.Games.Matrix;
using Madrl.Environments.Games.Particles;
using Madrl.Environments.Settings;
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

    [Fact]
    public void Every_game_but_the_particle_games_has_a_table_of_its_options() => Assert.Equal(
        GameCatalog.All.Where(game => !game.OptionsType.IsAssignableTo(typeof(ParticleOptions))).Select(game => game.Task).Order(StringComparer.Ordinal),
        OptionTables.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(OptionTables))]
    public void A_table_of_options_names_all_of_them_with_their_defaults(string task, string table) => Assert.Equal(
        SettingsBinder.Describe(GameCatalog.Find(task).OptionsType).Select(option => (option.Name, option.Default)).Order(),
        table.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(Options).Order());

    /// <summary>By the headings, which are names of tasks.</summary>
    public static TheoryData<string, string> OptionTables =>
        [.. Sections().Matches(_page).Select(section => (section.Groups[1].Value, OptionTable().Match(section.Value).Groups[1].Value)).Where(pair => pair.Item2.Length > 0)];

    /// <summary>A row is of one option, or of several with the default of all or of each.</summary>
    private static IEnumerable<(string Name, string Default)> Options(string row)
    {
        var cells = row.Split('|');
        string[] names = List(cells[1]), defaults = List(cells[2]);
        Assert.True(defaults.Length == 1 || defaults.Length == names.Length, row);
        return names.Select((name, index) => (name, defaults[Math.Min(index, defaults.Length - 1)]));

        static string[] List(string cell) => [.. cell.Split(',').Select(part => part.Trim(' ', '`'))];
    }

    [GeneratedRegex("^## ([a-z-]+)\n.*?(?=^## |\\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sections();

    [GeneratedRegex("^\\| option \\| default \\|.*?\n\\|[-|]+\n((?:\\|.*\n)+)", RegexOptions.Multiline)]
    private static partial Regex OptionTable();

    [GeneratedRegex("^```json\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();
}
