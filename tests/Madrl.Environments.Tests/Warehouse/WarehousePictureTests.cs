using Madrl.Environments.Drawing;
using Madrl.Environments.Games.Warehouse;

namespace Madrl.Environments.Tests.Warehouse;

public class WarehousePictureTests
{
    [Fact]
    public void Everything_is_drawn_where_it_is()
    {
        var game = new RecordedWarehouse(2, new WarehouseOptions());
        game.Set(0, [[0, 0, 0, 0], [1, 0, 0, 0]], [], [1, 2]);
        game.Set(1, [[3, 2, 0, 0], [9, 10, 2, 0]], [], [1, 32]);
        var picture = game.Draw(1);
        Assert.Equal((-0.5, -0.5, 10, 11), (picture.Left, picture.Bottom, picture.Width, picture.Height));
        Assert.Equal(10 * 11 - 32, picture.Marks.Count(mark => mark is { Ink: Ink.Ground, Form: Form.Square, Size: 0.5 }));
        Assert.Equal([(4, 0), (5, 0)], Points(picture, Ink.Target));
        Assert.Equal([(1, 9), (8, 2)], Points(picture, Ink.Highlight));
        Assert.Equal(30, picture.Marks.Count(mark => mark is { Ink: Ink.Obstacle, Form: Form.Square }));
        Assert.Equal(["0", "1"], picture.Marks.Where(mark => mark.Form == Form.Disc).Select(mark => mark.Label));
        Assert.Equal([(3, 8), (9, 0)], Points(picture, Ink.Agent));
        Assert.Equal([(3, 8.5), (8.5, 0)], picture.Marks.Where(mark => mark.Form == Form.Line).Select(mark => (mark.ToX, mark.ToY)));
    }

    /// <summary>Robot 0 beneath a shelf and robot 1 with one: the shelves are drawn alike, the robots are not.</summary>
    [Fact]
    public void A_robot_that_carries_a_shelf_differs_from_one_beneath_a_shelf()
    {
        var game = new RecordedWarehouse(1, new WarehouseOptions());
        game.Set(0, [[1, 1, 2, 0], [2, 1, 2, 2]], [], [3, 4]);
        Assert.Equal([("0", Ink.Agent), ("1", Ink.Highlight)], Robots());
        Assert.Equal([(1, 9), (2, 9)], Points(game.Draw(0), Ink.Obstacle).Take(2));
        game.Step(4, 0);
        Assert.Equal([("0", Ink.Highlight), ("1", Ink.Highlight)], Robots());

        IEnumerable<(string Label, Ink Ink)> Robots() =>
            game.Draw(0).Marks.Where(mark => mark.Form == Form.Disc).Select(mark => (mark.Label, mark.Ink));
    }

    [Fact]
    public void A_carried_shelf_is_drawn_beneath_its_robot()
    {
        var game = new RecordedWarehouse(1, new WarehouseOptions());
        game.Set(0, [[1, 1, 2, 0], [9, 10, 2, 0]], [], [1, 32]);
        game.Step(4, 0);
        game.Step(1, 0);
        var marks = game.Draw(0).Marks;
        Assert.True(marks.Index().First(mark => mark.Item is { Form: Form.Square, Ink: Ink.Highlight, X: 0, Y: 9 }).Index
            < marks.Index().First(mark => mark.Item is { Form: Form.Disc, Ink: Ink.Highlight, X: 0, Y: 9 }).Index);
    }

    private static IEnumerable<(double X, double Y)> Points(Picture picture, Ink ink) =>
        picture.Marks.Where(mark => mark.Ink == ink).Select(mark => (mark.X, mark.Y));
}
