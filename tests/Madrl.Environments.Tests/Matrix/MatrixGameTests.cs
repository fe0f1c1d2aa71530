using Madrl.Environments.Drawing;
using Madrl.Environments.Games.Matrix;
using Madrl.Environments.Settings;
using Madrl.Environments.Tests.Games;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Matrix;

public class MatrixGameTests
{
    /// <summary>Payoffs that tell every cell and every player: 100 i + 10 j + k, and its tenfold and hundredfold; one cell for all.</summary>
    private const string Three = """
        {
          "format": "normal-form/1",
          "players": [
            {"name": "a", "actions": ["left", "right"]},
            {"name": "b", "actions": ["up", "middle", "down"]},
            {"name": "c", "actions": ["in", "out"]}
          ],
          "payoffs": [
            [[[0, 0, 0], [1, 10, 100]], [[10, 100, 1000], [11, 110, 1100]], [[20, 200, 2000], 5]],
            [[[100, 1000, 10000], [101, 1010, 10100]], [[110, 1100, 11000], [111, 1110, 11100]], [[120, 1200, 12000], [121, 1210, 12100]]]
          ]
        }
        """;

    [Fact]
    public void Three_players_are_paid_by_what_all_of_them_play()
    {
        var game = Create(Three, copies: 2);
        Assert.Equal(["a", "b", "c"], game.Spec.Agents.Select(agent => agent.Name));
        Assert.Equal("sum over the 3 players", game.Spec.ReturnScale);
        var (rewards, terminated) = (new double[6], new bool[2]);
        game.Step([[1, 0], [2, 2], [1, 1]], rewards, terminated);
        Assert.Equal([121, 5, 1210, 5, 12100, 5], rewards);
        game.Step([[0, 1], [1, 0], [0, 1]], rewards, terminated);
        Assert.Equal([10, 101, 100, 1010, 1000, 10100], rewards);
    }

    [Fact]
    public void What_was_played_last_is_observed_the_own_action_first()
    {
        var game = Create(Three, copies: 1, observeLast: true);
        Assert.Equal([7, 7, 7, 21], game.Spec.Agents.Select(agent => agent.ObservationSize).Append(game.Spec.StateSize));
        Assert.All(Seen(), seen => Assert.Equal(new float[7], seen));
        game.Step([[1], [2], [0]], new double[3], new bool[1]);
        float[][] expected = [[0, 1, 0, 0, 1, 1, 0], [0, 0, 1, 0, 1, 1, 0], [1, 0, 0, 1, 0, 0, 1]];
        Assert.Equal(expected, Seen());
        var state = new float[21];
        game.WriteState(state);
        Assert.Equal(expected.SelectMany(seen => seen), state);
        game.Reset(0, new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 1));
        Assert.All(Seen(), seen => Assert.Equal(new float[7], seen));

        IEnumerable<float[]> Seen() => [.. Enumerable.Range(0, 3).Select(agent =>
        {
            var seen = new float[7];
            game.Observe(agent, seen);
            return seen;
        })];
    }

    [Theory]
    [InlineData("climbing", 22)]
    [InlineData("penalty", 20)]
    [InlineData("prisoners-dilemma", 6)]
    [InlineData("chicken", 12)]
    [InlineData("battle-of-the-sexes", 5)]
    [InlineData("rock-paper-scissors", 0)]
    public void The_scripted_players_reach_the_greatest_sum_there_is(string name, double sum)
    {
        foreach (var limit in new[] { 1, 25 })
        {
            var game = GameCases.Create(200, "matrix", "standard", $"game={name} episode-limit={limit}");
            var (scripted, random) = (GameReturns.Mean(game, new ScriptedActors(game)), GameReturns.Mean(game, new RandomActors(game.Spec, 1)));
            Assert.Equal(limit * sum, scripted);
            if (name != "rock-paper-scissors") Assert.True(scripted > random + 0.4 * limit);
        }
    }

    [Fact]
    public void The_scale_of_a_return_says_whether_all_receive_the_same()
    {
        Assert.Equal("sum over the 2 players, who all receive the same", GameCases.Create(1, "matrix", "standard", "").Spec.ReturnScale);
        Assert.Equal("sum over the 2 players", GameCases.Create(1, "matrix", "standard", "game=chicken").Spec.ReturnScale);
    }

    [Fact]
    public void The_table_is_drawn_with_what_was_played_last()
    {
        var game = GameCases.Create(1, "matrix", "standard", "game=chicken");
        Assert.All(game.Draw(0).Marks, mark => Assert.Equal(Ink.Ground, mark.Ink));
        game.Step([[0], [1]], new double[2], new bool[1]);
        var picture = game.Draw(0);
        Assert.Equal((-0.5, -0.5, 2, 2), (picture.Left, picture.Bottom, picture.Width, picture.Height));
        Assert.Equal(
            [("6, 6", 0, 1, Ink.Ground), ("2, 7", 1, 1, Ink.Highlight), ("7, 2", 0, 0, Ink.Ground), ("0, 0", 1, 0, Ink.Ground)],
            picture.Marks.Select(mark => (mark.Label, (int)mark.X, (int)mark.Y, mark.Ink)));
        Assert.Equal("11", GameCases.Create(1, "matrix", "standard", "").Draw(0).Marks[0].Label);

        Assert.Equal((6, 2), (Create(Three, 1).Draw(0).Width, Create(Three, 1).Draw(0).Height));
    }

    [Theory]
    [InlineData("game=climbin", "There is no game 'climbin': did you mean climbing? One of your own is given as JSON: game=@FILE.")]
    [InlineData("game=no/such.json", "choose one of battle-of-the-sexes, chicken, climbing, penalty, prisoners-dilemma, rock-paper-scissors.")]
    [InlineData("game=chicken k=-5", "k belongs to game=penalty: leave it out with another game.")]
    [InlineData("game=penalty k=5", "'5' is not a value of k: it takes a number from -1000000 to 0.")]
    [InlineData("episode-limit=0", "episode-limit")]
    public void A_bad_option_is_named_with_the_remedy(string options, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => GameCases.Create(1, "matrix", "standard", options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData(" []")]
    [InlineData("climbing\npenalty")]
    [InlineData("\"a text that is longer than the name of any game ever was, and longer than a path too\"")]
    public void What_cannot_have_been_meant_as_a_name_is_no_JSON_object(string text)
    {
        var error = Assert.Throws<ArgumentException>(() => Create(text, 1));
        Assert.StartsWith("game is no JSON object: a game is a JSON object with the fields format", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_end_is_not_read()
    {
        var error = Assert.Throws<ArgumentException>(() => Create(new string('{', (1 << 20) + 1), 1));
        Assert.Equal("game has more than 1048576 characters: leave out players or actions.", error.Message);
    }

    [Fact]
    public void Every_game_that_can_be_named_is_in_the_description()
    {
        var description = SettingsBinder.Describe(typeof(MatrixOptions)).Single(setting => setting.Name == "game").Description;
        Assert.All(MatrixDefinition.Games, game => Assert.Contains(game, description, StringComparison.Ordinal));
    }

    /// <summary>A game of one's own.</summary>
    internal static IMarkovGame Create(string json, int copies, bool observeLast = false) =>
        new MatrixDefinition().Create(copies, new MatrixOptions { Game = json, ObserveLast = observeLast });
}
