using System.Collections.Immutable;

namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// The steps that the shortest ways take, turns included, if nobody is in the way: for robots without a shelf beneath all shelves, for
/// those with one on the highways.
/// </summary>
internal sealed class TravelTimes
{
    private const ushort Unreached = ushort.MaxValue;

    private readonly WarehouseLayout _layout;
    private readonly bool _onHighways;
    private readonly ushort[] _steps; // [targets, cells, headings]

    /// <summary>The ways to the places and goals of a warehouse.</summary>
    /// <param name="layout">The warehouse.</param>
    /// <param name="onHighways">Whether the ways keep to the highways, up to their ends.</param>
    public TravelTimes(WarehouseLayout layout, bool onHighways)
    {
        (_layout, _onHighways) = (layout, onHighways);
        Targets = [.. layout.Places, .. layout.Goals];
        _steps = new ushort[Targets.Length * layout.Cells * Heading.Count];
        Array.Fill(_steps, Unreached);
        var reached = new Queue<(int Cell, int Heading)>();
        for (var target = 0; target < Targets.Length; target++) Measure(target, reached);
    }

    /// <summary>Where one can want to go: the places, in their order, then the goals.</summary>
    public ImmutableArray<int> Targets { get; }

    /// <summary>How many steps it takes to a target.</summary>
    /// <param name="target">Index of the target.</param>
    /// <param name="cell">From where.</param>
    /// <param name="heading">The heading there.</param>
    public int Steps(int target, int cell, int heading) => At(target, cell, heading);

    /// <summary>How many steps it takes to a target with the best heading.</summary>
    /// <param name="target">Index of the target.</param>
    /// <param name="cell">From where.</param>
    public int Steps(int target, int cell)
    {
        var least = At(target, cell, 0);
        for (var heading = 1; heading < Heading.Count; heading++) least = Math.Min(least, At(target, cell, heading));
        return least;
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
            var leadsHere = !_onHighways || here.Cell == Targets[target] || _layout.IsHighway(here.Cell);
            if (leadsHere && _layout.IsInside(behind)) Reach(behind, here.Heading);

            void Reach(int cell, int heading)
            {
                if (At(target, cell, heading) != Unreached) return;
                At(target, cell, heading) = steps;
                reached.Enqueue((cell, heading));
            }
        }
    }
}
