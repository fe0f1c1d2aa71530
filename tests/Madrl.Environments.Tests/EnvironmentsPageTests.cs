using System.Text;
using System.Text.RegularExpressions;
using Madrl.Environments.Games.Matrix;
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
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "samples", "OwnGame"), "*.cs*")
            .Order(StringComparer.Ordinal).Select(File.ReadAllText);
        Assert.Equal(files, Listing().Matches(_page).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Its_game_file_is_the_prisoners_dilemma()
    {
        var game = NormalFormFile.Read(Encoding.UTF8.GetBytes(Json().Match(_page).Groups[1].Value), "docs/environments.md");
        Assert.Equal([[3, 0, 5, 1], [3, 5, 0, 1]], game.Payoffs);
    }

    [Fact]
    public void Every_game_has_a_table_of_its_options_or_a_row_among_the_particle_games() => Assert.Equal(
        GameCatalog.All.Select(game => game.Task).Order(StringComparer.Ordinal),
        OptionTables.Concat(ParticleRows).Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(OptionTables))]
    public void A_table_of_options_names_all_of_them_with_their_defaults(string task, string table) => Assert.Equal(
        SettingsBinder.Describe(GameCatalog.Find(task).OptionsType).Select(option => (option.Name, option.Default)).Order(),
        Options(table).Order());

    /// <summary>The row has the options of the game's own, a table those of all particle games.</summary>
    [Theory]
    [MemberData(nameof(ParticleRows))]
    public void A_row_of_a_particle_game_names_its_options_with_their_defaults_and_limits(string task, string cell)
    {
        var described = SettingsBinder.Describe(GameCatalog.Find(task).OptionsType);
        var shared = Options(OptionTable().Match(ParticleSection().Match(_page).Value).Groups[1].Value).ToArray();
        Assert.Equal(["actions", "episode-limit"], shared.Select(option => option.Name));
        Assert.Subset(described.Select(option => (option.Name, option.Default)).ToHashSet(), shared.ToHashSet());
        string[] own = [.. cell.Split(", ", StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(
            described.ExceptBy(shared.Select(option => option.Name), option => option.Name)
                .Select(option => $"`{option.Name}` {option.Default} ({option.Allowed.Split(" from ")[1]})").Order(StringComparer.Ordinal),
            own.Order(StringComparer.Ordinal));
    }

    /// <summary>By the headings, which are names of tasks.</summary>
    public static TheoryData<string, string> OptionTables =>
    [
        .. Sections().Matches(_page)
            .Select(section => (section.Groups[1].Value, OptionTable().Match(section.Value).Groups[1].Value))
            .Where(pair => pair.Item2.Length > 0),
    ];

    /// <summary>The tasks of the particle games and their options, as they are written in the table of these games.</summary>
    public static TheoryData<string, string> ParticleRows =>
        [.. TaskRow().Matches(ParticleSection().Match(_page).Value).Select(row => (row.Groups[1].Value, row.Groups[2].Value))];

    private static IEnumerable<(string Name, string Default)> Options(string table) =>
        table.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(OptionsOfRow);

    /// <summary>A row is of one option, or of several with the default of all or of each.</summary>
    private static IEnumerable<(string Name, string Default)> OptionsOfRow(string row)
    {
        var cells = row.Split('|');
        string[] names = List(cells[1]), defaults = List(cells[2]);
        Assert.True(defaults.Length == 1 || defaults.Length == names.Length, row);
        return names.Select((name, index) => (name, defaults[Math.Min(index, defaults.Length - 1)]));

        static string[] List(string cell) => [.. cell.Split(',').Select(part => part.Trim(' ', '`'))];
    }

    [GeneratedRegex("^## ([a-z-]+)\n.*?(?=^## |\\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sections();

    [GeneratedRegex("^## Particle games\n.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ParticleSection();

    [GeneratedRegex("^\\| `(simple[a-z-]*)` \\| [^|]* \\| ?([^|]*?) ?\\|$", RegexOptions.Multiline)]
    private static partial Regex TaskRow();

    [GeneratedRegex("^\\| option \\| default \\|.*?\n\\|[-|]+\n((?:\\|.*\n)+)", RegexOptions.Multiline)]
    private static partial Regex OptionTable();

    [GeneratedRegex("^```json\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex("^```(?:csharp|xml)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();
}
