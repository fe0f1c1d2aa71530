using Madrl.Environments.Games.Warehouse;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>
/// Single situations on the smallest floor: columns 0, 3 to 6 and 9 and rows 0, 9 and 10 are highways, the goals (4, 10) and (5, 10).
/// </summary>
internal static class SmallestWarehouse
{
    public const int Up = 0;
    public const int Down = 1;
    public const int Left = 2;
    public const int Right = 3;

    public const int Nothing = 0;
    public const int Ahead = 1;
    public const int TurnLeft = 2;
    public const int TurnRight = 3;
    public const int Load = 4;

    /// <summary>A copy with its robots where they are said to be.</summary>
    /// <param name="robots">Each (x, y, heading, shelf it carries or 0).</param>
    /// <param name="queue">The requested shelves; some that are out of the way if null.</param>
    /// <param name="type">Who is rewarded.</param>
    public static RecordedWarehouse Game(
        int[][] robots, int[]? queue = null, WarehouseReward type = WarehouseReward.Individual)
    {
        var game = new RecordedWarehouse(1, new WarehouseOptions { Agents = robots.Length, RewardType = type });
        var shelves = game.Layout.Places.Select(cell => new[] { game.Layout.X(cell), game.Layout.Y(cell) }).ToArray();
        foreach (var robot in robots.Where(robot => robot[3] != 0)) shelves[robot[3] - 1] = robot[..2];
        game.Set(0, robots, shelves, queue ?? [.. Enumerable.Range(20, robots.Length)]);
        return game;
    }
}
