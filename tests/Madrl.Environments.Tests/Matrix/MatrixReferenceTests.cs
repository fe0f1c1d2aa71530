using System.Globalization;
using System.Text;
using System.Text.Json;
using Madrl.Environments.Games.Matrix;
using Madrl.Environments.Tests.Games;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests.Matrix;

/// <summary>The payoffs of published games, every entry of every file of the golden data.</summary>
public class MatrixReferenceTests
{
    public static TheoryData<string, int> Common =>
        [.. ReferenceData.Files("matrix", "*.json").SelectMany(file =>
            Enumerable.Range(0, ReferenceData.ReadJson(file).GetProperty("games").GetArrayLength()).Select(game => (file, game)))];

    public static TheoryData<string> Bimatrix =>
        [.. ReferenceData.Files("games", "*.json").Where(file => ReferenceData.ReadJson(file).GetProperty("format").GetString() == "bimatrix/1")];

    [Theory]
    [MemberData(nameof(Common))]
    public void Common_payoffs_are_the_published_ones(string file, int index)
    {
        var reference = ReferenceData.ReadJson(file);
        var entry = reference.GetProperty("games")[index];
        var options = entry.TryGetProperty("k", out var k) ? $"game=penalty k={k.GetRawText()}" : $"game={entry.GetProperty("name").GetString()}";
        var game = GameCases.Create(2, "matrix", "standard", options);
        var payoffs = Table(entry.GetProperty("payoff"));
        AssertPlays(game, payoffs, payoffs);

        Assert.Equal(reference.GetProperty("episode_length").GetInt32(), game.Spec.EpisodeLimit);
        var seen = new float[2];
        game.Observe(1, seen);
        var observed = reference.GetProperty("observation").EnumerateArray().Select(number => number.GetSingle());
        Assert.Equal(observed.SelectMany(number => new[] { number, number }), seen);
        var optimum = entry.GetProperty("optimum_payoff").GetDouble();
        Assert.Equal(2 * game.Spec.EpisodeLimit * optimum, GameReturns.Mean(game, new ScriptedActors(game)));
        var many = GameCases.Create(2000, "matrix", "standard", options);
        var expected = entry.GetProperty("uniform_expected_payoff").GetDouble();
        Assert.Equal(expected, GameReturns.Mean(many, new RandomActors(many.Spec, 1)) / 2 / game.Spec.EpisodeLimit, 0.6);
    }

    [Theory]
    [MemberData(nameof(Bimatrix))]
    public void A_game_of_ones_own_has_its_payoffs(string file)
    {
        var entry = ReferenceData.ReadJson(file);
        var (row, column) = (Table(entry.GetProperty("row_payoff")), Table(entry.GetProperty("column_payoff")));
        var name = entry.GetProperty("name").GetString()!;
        if (MatrixDefinition.Games.Contains(name) && name != "climbing") // There with its players exchanged.
            AssertPlays(GameCases.Create(1, "matrix", "standard", $"game={name}"), row, column);

        AssertPlays(MatrixGameTests.Create(Json(row, column), 1), row, column);
    }

    [Fact]
    public void Every_shipped_game_of_two_interests_is_among_the_golden_data()
    {
        string[] names = [.. Bimatrix.Select(file => ReferenceData.ReadJson(file.Data).GetProperty("name").GetString()!)];
        Assert.All(MatrixDefinition.Games.Where(game => game is not ("climbing" or "penalty")), game => Assert.Contains(game, names));
    }

    private static double[][] Table(JsonElement table) =>
        [.. table.EnumerateArray().Select(row => row.EnumerateArray().Select(number => number.GetDouble()).ToArray())];

    /// <summary>Plays every joint action once, in all copies alike.</summary>
    private static void AssertPlays(IMarkovGame game, double[][] row, double[][] column)
    {
        Assert.Equal(
            [new ActionSpace.Discrete(row.Length), new ActionSpace.Discrete(row[0].Length)], game.Spec.Agents.Select(agent => agent.Actions));
        var (rewards, terminated) = (new double[2 * game.Copies], new bool[game.Copies]);
        for (var i = 0; i < row.Length; i++)
        {
            for (var j = 0; j < row[i].Length; j++)
            {
                game.Step([[.. Enumerable.Repeat((float)i, game.Copies)], [.. Enumerable.Repeat((float)j, game.Copies)]], rewards, terminated);
                Assert.All(rewards[..game.Copies], reward => Assert.Equal(row[i][j], reward));
                Assert.All(rewards[game.Copies..], reward => Assert.Equal(column[i][j], reward));
                Assert.DoesNotContain(true, terminated);
            }
        }
    }

    private static string Json(double[][] row, double[][] column)
    {
        var text = new StringBuilder("""{"format": "normal-form/1", "players": [""");
        text.Append(CultureInfo.InvariantCulture, $$"""{"name": "row", "actions": [{{Names(row.Length)}}]}, """);
        text.Append(CultureInfo.InvariantCulture, $$"""{"name": "column", "actions": [{{Names(row[0].Length)}}]}], "payoffs": [""");
        text.AppendJoin(", ", row.Zip(column, (own, other) =>
            $"[{string.Join(", ", own.Zip(other, (a, b) => FormattableString.Invariant($"[{a:R}, {b:R}]")))}]"));
        return text.Append("]}").ToString();

        static string Names(int count) => string.Join(", ", Enumerable.Range(0, count).Select(action => $"\"{action}\""));
    }
}
