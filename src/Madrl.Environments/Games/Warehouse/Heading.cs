namespace Madrl.Environments.Games.Warehouse;

/// <summary>Where a robot looks, and how turns change it.</summary>
internal static class Heading
{
    public const int Up = 0;
    public const int Down = 1;
    public const int Left = 2;
    public const int Right = 3;

    /// <summary>Number of headings.</summary>
    public const int Count = 4;

    private static ReadOnlySpan<byte> Lefts => [Left, Right, Down, Up];

    private static ReadOnlySpan<byte> Rights => [Right, Left, Up, Down];

    /// <summary>The heading after a turn to the left.</summary>
    public static int LeftOf(int heading) => Lefts[heading];

    /// <summary>The heading after a turn to the right.</summary>
    public static int RightOf(int heading) => Rights[heading];
}
