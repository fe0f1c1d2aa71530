using FsCheck;
using FsCheck.Fluent;
using Madrl.Environments.Drawing;
using Madrl.Environments.Games.Foraging;
using Madrl.Environments.Tests.Games;

namespace Madrl.Environments.Tests.Foraging;

public class ForagingPropertyTests
{
    private static readonly Config _fewCases = Config.QuickThrowOnFailure.WithMaxTest(15);

    [Fact]
    public void Rewards_are_the_share_of_the_food_that_was_eaten() =>
        Check.One(_fewCases, Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            const int copies = 3, players = 4;
            var batch = new PlayedBatch(Create(copies, "rows=6 columns=6 players=4 foods=4"), (ulong)seed);
            var returns = new double[copies];
            for (var step = 0; step < 200; step++)
            {
                batch.Step(step);
                for (var copy = 0; copy < copies; copy++)
                {
                    var shown = batch.Shown(copy);
                    returns[copy] += shown[..players].Sum();
                    if (shown[players] == 1)
                    {
                        Assert.Equal(1, returns[copy], 1e-12);
                        returns[copy] = 0;
                    }

                    AssertShare(((ForagingGame)batch.Game).Field, copy, returns[copy]);
                }
            }
        }));

    [Theory]
    [InlineData("rows=5 columns=6 players=4 foods=3")]
    [InlineData("rows=7 columns=5 players=5 foods=2 max-player-level=3")]
    public void The_picture_shows_foods_and_players_with_their_levels_where_they_are(string options)
    {
        var batch = new PlayedBatch(Create(2, options));
        batch.Step(0);
        var field = ((ForagingGame)batch.Game).Field;
        var picture = batch.Game.Draw(1);
        Assert.Equal((0, 0, field.Columns, field.Rows), (picture.Left, picture.Bottom, picture.Width, picture.Height));
        var levels = field.PlayerLevels(1).ToArray();
        Assert.Equal(
            [
                .. field.FoodsAt(1).Select(food => (Form.Square, Ink.Target, X(food.Column), Y(food.Row), $"{food.Level}")),
                .. field.PlayersAt(1).Select((player, i) => (Form.Disc, Ink.Agent, X(player.Column), Y(player.Row), $"{levels[i]}")),
            ],
            picture.Marks.Select(mark => (mark.Form, mark.Ink, mark.X, mark.Y, mark.Label)));
        Assert.All(picture.Marks, mark => Assert.InRange(mark.Size, 0.1, 0.5));

        static double X(int column) => column + 0.5;

        double Y(int row) => field.Rows - row - 0.5;
    }

    private static void AssertShare(ForagingField field, int copy, double sum)
    {
        var left = field.FoodsAt(copy);
        Assert.Equal(left, field.FoodsListed(copy));
        Assert.Equal((field.Spawned(copy) - left.Sum(food => food.Level)) / (double)field.Spawned(copy), sum, 1e-12);
        Assert.NotEmpty(left);
        Assert.All(field.PlayersAt(copy), player =>
        {
            Assert.True(player.Row >= 0 && player.Row < field.Rows && player.Column >= 0 && player.Column < field.Columns);
            Assert.DoesNotContain(player, left.Select(food => (food.Row, food.Column)));
        });
    }

    private static IMarkovGame Create(int copies, string options) => GameCases.Create(copies, "lbf", "lb-foraging", options);
}
