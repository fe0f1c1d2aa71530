using System.Collections.Immutable;

namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// Traffic rules that the scripted robots follow, and the shortest ways by them. Highways are one-way streets: columns lead up and down
/// by turns, rows right and left, the outermost ones in a circle, so that every cell can be reached from every other and nobody meets
/// anybody head-on. A shelf's place is entered and left at its side, from the column next to it. Robots without a shelf keep to this too.
/// </summary>
internal sealed class Streets
{
    private const ushort Unreached = ushort.MaxValue;

    private readonly WarehouseLayout _layout;
    private readonly ushort[] _steps; // [targets, cells, headings]

    /// <summary>The ways to the places and goals of a warehouse.</summary>
    public Streets(WarehouseLayout layout)
    {
        _layout = layout;
        Targets = [.. layout.Places, .. layout.Goals];
        _steps = new ushort[Targets.Length * layout.Cells * Heading.Count];
        Array.Fill(_steps, Unreached);
        var reached = new Queue<(int Cell, int Heading)>();
        for (var target = 0; target < Targets.Length; target++) Measure(target, reached);
    }

    /// <summary>Where one can want to go: the places, in their order, then the goals.</summary>
    public ImmutableArray<int> Targets { get; }

    /// <summary>How many steps it takes, turns included, to a target.</summary>
    /// <param name="target">Index of the target.</param>
    /// <param name="cell">From where.</param>
    /// <param name="heading">The heading there.</param>
    public int Steps(int target, int cell, int heading) => At(target, cell, heading);

    /// <summary>Whether the rules let a robot go ahead.</summary>
    public bool Leads(int cell, int heading)
    {
        var to = _layout.Ahead(cell, heading);
        if (!_layout.IsInside(to)) return false;
        if (!_layout.IsHighway(cell)) return to == DoorOf(cell);
        if (!_layout.IsHighway(to)) return cell == DoorOf(to);
        var (x, y) = (_layout.X(cell), _layout.Y(cell));
        return heading is Heading.Up or Heading.Down
            ? _layout.IsColumn(x) && heading == HeadingOfColumn(x)
            : _layout.IsRow(y) && heading == HeadingOfRow(y);
    }

    /// <summary>The cell of the column beside a place.</summary>
    private int DoorOf(int place) => _layout.X(place) % 3 == 1 ? place - 1 : place + 1;

    /// <summary>The two columns in the middle, which lie between two others, go with their neighbours.</summary>
    private static int HeadingOfColumn(int x) => (x + 1) / 3 % 2 == 0 ? Heading.Up : Heading.Down;

    private int HeadingOfRow(int y)
    {
        if (y == 0) return Heading.Right;
        var fromBelow = (_layout.Height - 1 - y + _layout.RowDistance - 1) / _layout.RowDistance;
        return fromBelow % 2 == 0 ? Heading.Left : Heading.Right;
    }

    private ref ushort At(int target, int cell, int heading) => ref _steps[(target * _layout.Cells + cell) * Heading.Count + heading];

    /// <summary>Breadth first, back from the target, where every heading will do.</summary>
    private void Measure(int target, Queue<(int Cell, int Heading)> reached)
    {
        for (var heading = 0; heading < Heading.Count; heading++)
        {
            At(target, Targets[target], heading) = 0;
            reached.Enqueue((Targets[target], heading));
        }

        while (reached.TryDequeue(out var here))
        {
            var steps = (ushort)(At(target, here.Cell, here.Heading) + 1);
            Reach(here.Cell, Heading.LeftOf(here.Heading));
            Reach(here.Cell, Heading.RightOf(here.Heading));
            var behind = _layout.Ahead(here.Cell, Heading.LeftOf(Heading.LeftOf(here.Heading)));
            if (_layout.IsInside(behind) && Leads(behind, here.Heading)) Reach(behind, here.Heading);

            void Reach(int cell, int heading)
            {
                if (At(target, cell, heading) != Unreached) return;
                At(target, cell, heading) = steps;
                reached.Enqueue((cell, heading));
            }
        }
    }
}
