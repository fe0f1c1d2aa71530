using Madrl.Environments.Games.Warehouse;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>Warehouses as a test reads them: by x and y.</summary>
internal static class WarehouseExtensions
{
    /// <summary>Each robot as (x, y, heading, shelf).</summary>
    public static int[][] Robots(this WarehouseGame game, int copy) =>
        [.. Enumerable.Range(0, game.Spec.Agents.Count).Select(i => game.Floors[copy].Robot(i))
            .Select(robot => new int[] { game.Layout.X(robot.Cell), game.Layout.Y(robot.Cell), robot.Heading, robot.Shelf })];

    /// <summary>Each shelf as (x, y).</summary>
    public static int[][] Shelves(this WarehouseGame game, int copy) =>
        [.. Enumerable.Range(1, game.Layout.Places.Length).Select(shelf => game.Floors[copy].CellOf(shelf))
            .Select(cell => new[] { game.Layout.X(cell), game.Layout.Y(cell) })];

    /// <summary>The requested shelves.</summary>
    public static int[] Queue(this WarehouseGame game, int copy) =>
        [.. Enumerable.Range(0, game.Requests).Select(place => game.Floors[copy].Requested(place))];
}
