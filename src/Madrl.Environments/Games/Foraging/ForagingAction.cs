namespace Madrl.Environments.Games.Foraging;

/// <summary>What a player can do; <see cref="ForagingField.Ways"/> says where the moves lead.</summary>
internal static class ForagingAction
{
    public const int Nothing = 0;
    public const int FirstMove = 1;
    public const int LastMove = 4;
    public const int Load = 5;

    /// <summary>Number of actions.</summary>
    public const int Count = 6;
}
