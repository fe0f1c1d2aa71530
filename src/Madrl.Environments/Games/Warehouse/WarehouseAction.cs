namespace Madrl.Environments.Games.Warehouse;

/// <summary>What a robot can do.</summary>
internal static class WarehouseAction
{
    public const int Nothing = 0;
    public const int Ahead = 1;
    public const int TurnLeft = 2;
    public const int TurnRight = 3;

    /// <summary>Picks the shelf in the robot's cell up, or puts the carried one down.</summary>
    public const int Load = 4;

    /// <summary>Number of actions.</summary>
    public const int Count = 5;
}
