using System.Collections.Immutable;

namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// What never changes in a warehouse. Cells are numbered row by row on a grid with a margin as wide as an agent sees, so that
/// neither a move nor a look leads out of it. x grows to the right and y downwards; a block of shelves is two cells wide.
/// </summary>
internal sealed class WarehouseLayout
{
    private readonly int _margin;
    private readonly int[] _ahead; // By heading the distance to the next cell.
    private readonly bool[] _isHighway;

    /// <summary>A warehouse.</summary>
    /// <param name="rows">Rows of blocks.</param>
    /// <param name="columns">Columns of blocks, an odd number.</param>
    /// <param name="columnHeight">Shelves one below the other in a block.</param>
    /// <param name="margin">Cells around the grid, at least 1.</param>
    public WarehouseLayout(int rows, int columns, int columnHeight, int margin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(margin, 1);
        _margin = margin;
        (Width, Height) = (3 * columns + 1, (columnHeight + 1) * rows + 2);
        Stride = Width + 2 * margin;
        Cells = Stride * (Height + 2 * margin);
        Goals = [At(Width / 2 - 1, Height - 1), At(Width / 2, Height - 1)];
        Inside = [.. Enumerable.Range(0, Width * Height).Select(i => At(i % Width, i / Width))];
        _ahead = new int[Heading.Count];
        (_ahead[Heading.Up], _ahead[Heading.Down], _ahead[Heading.Left], _ahead[Heading.Right]) = (-Stride, Stride, -1, 1);
        _isHighway = new bool[Cells];
        foreach (var cell in Inside) _isHighway[cell] = LiesOnHighway(X(cell), Y(cell), columnHeight);
        Places = [.. Inside.Where(cell => !IsHighway(cell))];
    }

    /// <summary>Cells from left to right, the margin not counted.</summary>
    public int Width { get; }

    /// <summary>Cells from top to bottom, the margin not counted.</summary>
    public int Height { get; }

    /// <summary>Distance from a cell to the one below it.</summary>
    public int Stride { get; }

    /// <summary>Number of cells with the margin.</summary>
    public int Cells { get; }

    /// <summary>The cells without the margin, row by row.</summary>
    public ImmutableArray<int> Inside { get; }

    /// <summary>Where shelves can be put down, row by row: shelf i + 1 stands in the i-th of them at first.</summary>
    public ImmutableArray<int> Places { get; }

    /// <summary>The cells where shelves are delivered.</summary>
    public ImmutableArray<int> Goals { get; }

    /// <summary>The cell at a point.</summary>
    public int At(int x, int y) => (y + _margin) * Stride + x + _margin;

    /// <summary>A cell's distance from the left side.</summary>
    public int X(int cell) => cell % Stride - _margin;

    /// <summary>A cell's distance from the top.</summary>
    public int Y(int cell) => cell / Stride - _margin;

    /// <summary>The cell in front of a robot.</summary>
    public int Ahead(int cell, int heading) => cell + _ahead[heading];

    /// <summary>Whether a cell belongs to the grid rather than to its margin.</summary>
    public bool IsInside(int cell) => (uint)X(cell) < (uint)Width && (uint)Y(cell) < (uint)Height;

    /// <summary>Whether no shelf can be put down in a cell of the grid.</summary>
    public bool IsHighway(int cell) => _isHighway[cell];

    private bool LiesOnHighway(int x, int y, int columnHeight)
    {
        var leadsToGoal = (x == Width / 2 - 1 || x == Width / 2) && y > Height - (columnHeight + 3);
        return x % 3 == 0 || y % (columnHeight + 1) == 0 || y == Height - 1 || leadsToGoal;
    }
}
