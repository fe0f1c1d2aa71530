using System.Text;
using Madrl.Environments.Games.Matrix;

namespace Madrl.Environments.Tests.Matrix;

/// <summary>A bad file is refused with its name, the field and the remedy.</summary>
public class NormalFormFileTests
{
    private const string Good = """{"format": "normal-form/1", "players": [{"name": "a", "actions": ["x", "y"]}, """
        + """{"name": "b", "actions": ["z"]}], "payoffs": [[1], [[2, 3]]], "source": "me"}""";

    [Fact]
    public void A_number_pays_all_and_a_list_each()
    {
        var (game, rewards) = (MatrixGameTests.Create(Good, 2), new double[4]);
        game.Step([[0, 1], [0, 0]], rewards, new bool[2]);
        Assert.Equal([1, 2, 1, 3], rewards);
    }

    [Theory]
    [InlineData("\"format\": \"normal-form/1\"", "\"format\": \"normal-form/2\"", ": format must be \"normal-form/1\".")]
    [InlineData("\"format\": \"normal-form/1\", ", "", ": format is missing.")]
    [InlineData("\"payoffs\"", "\"payoff\"", ": payoffs is missing.")]
    [InlineData("\"players\"", "\"player\"", ": players is missing.")]
    [InlineData(", {\"name\": \"b\", \"actions\": [\"z\"]}", "", ": players lists 1; there must be 2 to 32.")]
    [InlineData("{\"name\": \"b\", \"actions\": [\"z\"]}", "\"b\"", ": players[1] must be an object with the fields name and actions.")]
    [InlineData("\"name\": \"a\", ", "", ": players[0].name is missing.")]
    [InlineData("\"name\": \"a\"", "\"name\": \"\"", ": players[0].name must be a text that is not empty.")]
    [InlineData("[\"z\"]", "[]", ": players[1].actions is empty; a player needs at least one action.")]
    [InlineData("[\"z\"]", "[3]", ": players[1].actions[0] must be a text that is not empty.")]
    [InlineData("[\"z\"]", "\"z\"", ": players[1].actions must be a list, not a string.")]
    [InlineData("[[1], [[2, 3]]]", "[[1]]", ": payoffs has 1 entries; it needs 2, one for each action of a.")]
    [InlineData("[[1], [[2, 3]]]", "[[1], [1, 2]]", ": payoffs[1] has 2 entries; it needs 1, one for each action of b.")]
    [InlineData("[[1], [[2, 3]]]", "[1, [2]]", ": payoffs[0] must be a list, not a number.")]
    [InlineData("[2, 3]", "[2, 3, 4]", ": payoffs[1][0] has 3 entries; it needs a payoff for each of the 2 players, or one number for all.")]
    [InlineData("[2, 3]", "[2, \"3\"]", ": payoffs[1][0][1] must be a number between -3.4e38 and 3.4e38.")]
    [InlineData("[2, 3]", "[1e999, 3]", ": payoffs[1][0][0] must be a number between -3.4e38 and 3.4e38.")]
    [InlineData("[2, 3]", "true", ": payoffs[1][0] must be a list, not a truth value.")]
    [InlineData("[2, 3]]]", "[2, 3]", " is not JSON (line 1, byte ")]
    [InlineData(
        "\"name\": \"a\"", "\"name\": \"\\ud800\"",
        " has a text that is not Unicode, such as \\ud800 without its other half: a game is a JSON object")]
    [InlineData("\"x\"", "\"\\udc00x\"", " has a text that is not Unicode")]
    [InlineData("\"normal-form/1\"", "\"\\ud800\"", " has a text that is not Unicode")]
    [InlineData("\"source\": \"me\"", "\"\\ud800 by me\": 1", " has a text that is not Unicode")]
    public void A_bad_field_is_named_with_the_remedy(string part, string replacement, string message)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        AssertRefused(Good.Replace(part, replacement, StringComparison.Ordinal), message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("climbing")]
    public void What_is_not_JSON_is_refused(string text) =>
        AssertRefused(text, "a game is a JSON object with the fields format (\"normal-form/1\"), players and payoffs");

    [Fact]
    public void A_list_is_no_game() => AssertRefused("[]", " is a JSON list: a game is a JSON object");

    [Fact]
    public void A_game_too_large_to_be_written_down_is_refused()
    {
        AssertRefused(Players(two: 17, one: 0), ": players have more than 65536 joint actions: leave out players or actions");
        AssertRefused(Players(two: 32, one: 0), ": players have more than 65536 joint actions: leave out players or actions");
        AssertRefused(Players(two: 16, one: 1), ": players have more than 1048576 payoffs, 17 for each joint action: leave out players or actions");
    }

    [Fact]
    public void No_room_is_made_for_payoffs_that_are_not_there()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(Players(two: 16, one: 0), ": payoffs has 0 entries; it needs 2, one for each action of p.");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    private static string Players(int two, int one)
    {
        string[] actions = [.. Enumerable.Repeat("\"x\", \"y\"", two), .. Enumerable.Repeat("\"x\"", one)];
        var players = string.Join(", ", actions.Select(names => $$"""{"name": "p", "actions": [{{names}}]}"""));
        return $$"""{"format": "normal-form/1", "players": [{{players}}], "payoffs": []}""";
    }

    private static void AssertRefused(string json, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => NormalFormFile.Read(Encoding.UTF8.GetBytes(json), "mine"));
        Assert.StartsWith("mine", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
