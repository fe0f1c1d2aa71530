namespace Madrl.Environments.Games.Foraging;

/// <summary>What a player can do; <see cref="ForagingField.Ways"/> says where it leads.</summary>
internal static class ForagingAction
{
    public const int Nothing = 0;
    public const int North = 1;
    public const int South = 2;
    public const int West = 3;
    public const int East = 4;
    public const int Load = 5;

    /// <summary>Number of actions.</summary>
    public const int Count = 6;
}
