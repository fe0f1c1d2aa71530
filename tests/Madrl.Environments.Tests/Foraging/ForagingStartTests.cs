using Madrl.Environments.Games.Foraging;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Foraging;

/// <summary>The probabilities of the starts.</summary>
public class ForagingStartTests
{
    private const int Episodes = 40_000;

    [Fact]
    public void Players_and_foods_have_the_probabilities_of_the_reference()
    {
        // One row and five cells for foods: few enough starts to count them all.
        var game = Create(new ForagingOptions { Rows = 3, Columns = 7, Players = 1, Foods = 2 });
        var seen = Starts(game)
            .CountBy(start => (start.Players[0].Row * 7 + start.Players[0].Column, Foods: Columns(start.Foods))).ToDictionary();
        var expected = new Dictionary<(int, string), double>();
        for (var player = 0; player < 21; player++)
        {
            int[] inner = [.. Enumerable.Range(1, 5).Where(column => player != 7 + column)];
            foreach (var first in inner)
            {
                int[] left = [.. inner.Where(column => Math.Abs(column - first) >= 3)];
                if (left.Length == 0) Add([first], 1);
                foreach (var second in left) Add([first, second], left.Length);

                void Add(int[] columns, int choices)
                {
                    var start = (player, string.Join(' ', columns.Order()));
                    expected[start] = expected.GetValueOrDefault(start) + 1.0 / 21 / inner.Length / choices;
                }
            }
        }

        Assert.Empty(seen.Keys.Except(expected.Keys));
        Assert.Equal(1, expected.Values.Sum(), 1e-12);
        Assert.All(expected, start =>
        {
            var mean = start.Value * Episodes;
            Assert.InRange(seen.GetValueOrDefault(start.Key), mean - 5 * Math.Sqrt(mean), mean + 5 * Math.Sqrt(mean));
        });

        static string Columns((int Row, int Column, int Level)[] foods) => string.Join(' ', foods.Select(food => food.Column));
    }

    [Fact]
    public void Levels_are_uniform_up_to_their_highest()
    {
        var game = Create(new ForagingOptions { Players = 4, MaxPlayerLevel = 3, Foods = 1 });
        var starts = Starts(game).ToArray();
        var levels = starts.SelectMany(start => start.Levels).CountBy(level => level).ToDictionary();
        Assert.Equal(3, levels.Count);
        Assert.All(levels.Values, count => Assert.Equal(1.0 / 3, count / (4.0 * Episodes), 0.01));

        // 1, 1, 2 and any level: a food has 1 to 4.
        var foods = starts.Where(start => start.Levels.Order().Take(3).Sum() == 4).Select(start => start.Foods[0].Level).ToArray();
        foreach (var level in Enumerable.Range(1, 4)) Assert.Equal(0.25, foods.Count(food => food == level) / (double)foods.Length, 0.02);
        Assert.All(foods, level => Assert.InRange(level, 1, 4));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public void Food_levels_keep_to_their_limits(bool cooperative, int maxFoodLevel)
    {
        var game = Create(new ForagingOptions
        {
            Rows = 10, Columns = 9, Players = 3, Foods = 6, Cooperative = cooperative, MaxFoodLevel = maxFoodLevel,
        });
        Assert.All(Starts(game).Take(500), start =>
        {
            var highest = maxFoodLevel > 0 ? maxFoodLevel : start.Levels.Sum();
            Assert.All(start.Foods, food => Assert.InRange(food.Level, cooperative ? highest : 1, highest));
        });
    }

    [Fact]
    public void Things_have_their_distances()
    {
        var game = Create(new ForagingOptions { Rows = 7, Columns = 9, Players = 12, Foods = 6 });
        Assert.All(Starts(game).Take(500), start =>
        {
            Assert.Equal(12, start.Players.Distinct().Count());
            Assert.NotEmpty(start.Foods);
            Assert.All(start.Foods, food =>
            {
                Assert.True(food is { Row: >= 1 and <= 5, Column: >= 1 and <= 7 });
                Assert.DoesNotContain((food.Row, food.Column), start.Players);
                Assert.All(start.Foods.Where(other => other != food), other =>
                    Assert.True(Math.Abs(other.Row - food.Row) + Math.Abs(other.Column - food.Column) >= 3));
            });
            Assert.Equal(start.Foods.Sum(food => food.Level), start.Spawned);
        });
    }

    [Fact]
    public void A_field_full_of_players_starts()
    {
        var game = Create(new ForagingOptions { Rows = 3, Columns = 3, Players = 8, Foods = 1 });
        var starts = Starts(game).Take(500).ToArray();
        Assert.All(starts, start => Assert.Equal(8, start.Players.Distinct().Count()));

        // The one cell for a food is free in a ninth of them.
        Assert.InRange(starts.Count(start => start.Foods.Length == 1), 30, 85);
        Assert.All(starts, start => Assert.Equal(start.Foods.Length == 0, start.Players.Contains((1, 1))));
    }

    private static ForagingGame Create(ForagingOptions options) => (ForagingGame)new ForagingDefinition().Create(1, options);

    private static IEnumerable<Start> Starts(ForagingGame game)
    {
        for (var episode = 0; episode < Episodes; episode++)
        {
            game.Reset(0, new KeyedRandom(5, RandomPurpose.Reset, 0, 0, episode));
            Assert.Equal(game.Field.FoodsAt(0), game.Field.FoodsListed(0));
            yield return new(game.Field.PlayersAt(0), game.Field.PlayerLevels(0).ToArray(), game.Field.FoodsAt(0), game.Field.Spawned(0));
        }
    }

    private sealed record Start((int Row, int Column)[] Players, int[] Levels, (int Row, int Column, int Level)[] Foods, int Spawned);
}
