namespace Madrl.Environments.Games.Warehouse;

/// <summary>What is in a cell, in the bits of one byte, so that a byte tells all that an agent sees there.</summary>
internal static class Cell
{
    /// <summary>The robot's heading; 0 if there is none.</summary>
    public const int HeadingMask = 3;

    /// <summary>A robot.</summary>
    public const int Robot = 4;

    /// <summary>A shelf, standing or carried.</summary>
    public const int Shelf = 8;

    /// <summary>The shelf is requested.</summary>
    public const int Requested = 16;

    /// <summary>The robot carries the shelf.</summary>
    public const int Carried = 32;

    /// <summary>The cell lies in the margin.</summary>
    public const int Outside = 64;

    /// <summary>A robot wishes to go there, while it is being decided who goes.</summary>
    public const int Wished = 128;

    /// <summary>Values of the byte.</summary>
    public const int Values = 256;

    /// <summary>
    /// Whether a robot cannot go there whoever leaves: it is no cell of the grid, or a shelf stands in the way of the carried one.
    /// </summary>
    public static bool IsClosed(int cell, bool carries) => (cell & Outside) != 0 || (carries && (cell & (Shelf | Carried)) == Shelf);
}
