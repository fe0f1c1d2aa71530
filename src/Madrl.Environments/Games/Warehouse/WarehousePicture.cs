using Madrl.Environments.Drawing;

namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// A copy as a person sees it: one unit a cell, the goals at the bottom. Shelves that are requested stand out, and robots that carry one.
/// </summary>
internal static class WarehousePicture
{
    private const double ShelfSize = 0.4;
    private const double RobotSize = 0.3;

    public static Picture Of(WarehouseLayout layout, in Floor floor, int robots)
    {
        List<Mark> marks =
        [
            .. layout.Inside.Where(layout.IsHighway).Select(cell => Square(layout, Ink.Ground, cell, 0.5)),
            .. layout.Goals.Select(cell => Square(layout, Ink.Target, cell, 0.5)),
        ];
        for (var shelf = 1; shelf <= layout.Places.Length; shelf++)
        {
            int cell = floor.CellOf(shelf);
            marks.Add(Square(layout, (floor[cell] & Cell.Requested) != 0 ? Ink.Highlight : Ink.Obstacle, cell, ShelfSize));
        }

        for (var robot = 0; robot < robots; robot++)
        {
            int cell = floor.Robot(robot).Cell;
            var ink = floor.Robot(robot).Shelf != 0 ? Ink.Highlight : Ink.Agent;
            var ahead = layout.Ahead(cell, floor.Robot(robot).Heading);
            var (x, y) = Middle(layout, cell);
            var (toX, toY) = Middle(layout, ahead);
            marks.Add(new Mark(Form.Disc, ink, x, y, RobotSize, $"{robot}"));
            marks.Add(new Mark(Form.Line, Ink.Link, x, y, 0, ToX: x + (toX - x) / 2, ToY: y + (toY - y) / 2));
        }

        return new Picture(-0.5, -0.5, layout.Width, layout.Height, marks);
    }

    private static Mark Square(WarehouseLayout layout, Ink ink, int cell, double size)
    {
        var (x, y) = Middle(layout, cell);
        return new Mark(Form.Square, ink, x, y, size);
    }

    private static (double X, double Y) Middle(WarehouseLayout layout, int cell) => (layout.X(cell), layout.Height - 1 - layout.Y(cell));
}
