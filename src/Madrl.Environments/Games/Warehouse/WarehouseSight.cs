using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// What an agent observes: x, y, whether it carries a shelf, its heading one-hot, whether it is on a highway; then of each cell of the
/// square around it, row by row, whether a robot is there, its heading one-hot (up if there is none), whether a shelf is there and
/// whether that is requested. Cells outside the grid are empty.
/// </summary>
internal sealed unsafe class WarehouseSight
{
    private const int Own = 8;
    private const int PerCell = 7;
    private const int Lanes = 8;

    private readonly AlignedBuffer _cells = new(Cell.Values * Lanes);
    private readonly AlignedBuffer _bodies = new(2 * Heading.Count * Lanes);
    private readonly AlignedBuffer _spots;
    private readonly int[] _window;

    /// <summary>What is seen in a warehouse.</summary>
    /// <param name="layout">The warehouse, with a margin of at least <paramref name="range"/>.</param>
    /// <param name="range">How many cells an agent sees in each direction.</param>
    public WarehouseSight(WarehouseLayout layout, int range)
    {
        var side = 2 * range + 1;
        _window = [.. Enumerable.Range(0, side * side).Select(i => (i / side - range) * layout.Stride + i % side - range)];
        _spots = new AlignedBuffer(layout.Cells * Lanes);
        foreach (var cell in layout.Inside) Spot(layout, cell).CopyTo(new Span<float>(_spots.Pointer + cell * Lanes, Lanes));
        for (var cell = 0; cell < Cell.Values; cell++) Seen(cell).CopyTo(new Span<float>(_cells.Pointer + cell * Lanes, Lanes));
        for (var body = 0; body < 2 * Heading.Count; body++)
            Body(body % Heading.Count, body / Heading.Count).CopyTo(new Span<float>(_bodies.Pointer + body * Lanes, Lanes));
    }

    /// <summary>Length of an observation.</summary>
    /// <param name="range">How many cells an agent sees in each direction.</param>
    public static int Size(int range) => Own + PerCell * (2 * range + 1) * (2 * range + 1);

    /// <summary>Writes what a robot's agent observes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(in Floor floor, in Robot robot, float* row)
    {
        // From the last cell to the first: the spare lane before a cell's seven falls on a number that is written later.
        var target = row + Own - 1 + PerCell * _window.Length;
        for (var i = _window.Length - 1; i >= 0; i--)
        {
            target -= PerCell;
            Vector256.LoadAligned(_cells.Pointer + floor[robot.Cell + _window[i]] * Lanes).Store(target);
        }

        var body = robot.Heading + (robot.Shelf != 0 ? Heading.Count : 0);
        (Vector256.LoadAligned(_spots.Pointer + robot.Cell * Lanes) | Vector256.LoadAligned(_bodies.Pointer + body * Lanes)).Store(row);
    }

    private static float[] Spot(WarehouseLayout layout, int cell) =>
        [layout.X(cell), layout.Y(cell), 0, 0, 0, 0, 0, layout.IsHighway(cell) ? 1 : 0];

    private static float[] Body(int heading, int carries) => [0, 0, carries, .. OneHot(heading), 0];

    private static float[] Seen(int cell) =>
    [
        0, (cell & Cell.Robot) != 0 ? 1 : 0, .. OneHot(cell & Cell.HeadingMask),
        (cell & Cell.Shelf) != 0 ? 1 : 0, (cell & Cell.Requested) != 0 ? 1 : 0,
    ];

    private static IEnumerable<float> OneHot(int heading) => Enumerable.Range(0, Heading.Count).Select(i => i == heading ? 1f : 0);
}
