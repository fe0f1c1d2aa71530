namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// Next steps for robots that want to go somewhere, without standing in one another's way for ever: priority inheritance with
/// backtracking (Okumura et al., Artificial Intelligence 310, 2022). Robots choose their next cells in a given order; who stands in the
/// cell that an earlier one has chosen chooses next, another cell than its own, and if it finds none the earlier one chooses again.
/// </summary>
internal sealed class RightOfWay
{
    /// <summary>In the place of a target: the robot is content where it is.</summary>
    public const int NoTarget = -1;

    private const int Open = -1;
    private const int Nobody = -1;

    private readonly WarehouseLayout _layout;
    private readonly TravelTimes _paths;
    private readonly TravelTimes _highways;
    private readonly int[] _next; // By robot: the cell it has chosen, or Open.

    /// <summary>For the robots of a copy.</summary>
    public RightOfWay(WarehouseLayout layout, int robots)
    {
        _layout = layout;
        _paths = new TravelTimes(layout, onHighways: false);
        _highways = new TravelTimes(layout, onHighways: true);
        _next = new int[robots];
    }

    /// <summary>
    /// How far a robot is from a target of <see cref="TravelTimes"/>. Its heading does not count: as long as robots only turn, distances
    /// and what follows from them stay the same, so that they do not turn to and fro.
    /// </summary>
    public int Distance(in Robot robot, int target) => PathsOf(robot).Steps(target, robot.Cell);

    /// <summary>Chooses actions: to stay, to go ahead, or to turn to where one will go next.</summary>
    /// <param name="floor">The copy.</param>
    /// <param name="order">The robots in the order in which they choose.</param>
    /// <param name="targets">The target of each robot, or <see cref="NoTarget"/>.</param>
    /// <param name="choices">Receives an action for each robot.</param>
    public void Settle(in Floor floor, ReadOnlySpan<int> order, ReadOnlySpan<int> targets, Span<byte> choices)
    {
        Array.Fill(_next, Open);
        foreach (var robot in order)
        {
            if (_next[robot] == Open) Choose(floor, robot, Nobody, targets);
        }

        for (var robot = 0; robot < choices.Length; robot++) choices[robot] = Action(floor.Robot(robot), _next[robot]);
    }

    private TravelTimes PathsOf(in Robot robot) => robot.Shelf != 0 ? _highways : _paths;

    /// <summary>Chooses a robot's next cell.</summary>
    /// <param name="floor">The copy.</param>
    /// <param name="robot">The robot.</param>
    /// <param name="pusher">The robot that has chosen its cell, or <see cref="Nobody"/>.</param>
    /// <param name="targets">The target of each robot.</param>
    /// <returns>False if it has to stay.</returns>
    private bool Choose(in Floor floor, int robot, int pusher, ReadOnlySpan<int> targets)
    {
        ref var own = ref floor.Robot(robot);
        Span<int> costs = stackalloc int[Heading.Count + 1];
        for (var heading = 0; heading < Heading.Count; heading++) costs[heading] = Cost(floor, own, heading, targets[robot]);
        costs[Heading.Count] = targets[robot] == NoTarget ? 0 : PathsOf(own).Steps(targets[robot], own.Cell, own.Heading);
        while (true)
        {
            var best = costs.IndexOf(Least(costs));
            if (costs[best] == int.MaxValue) break;
            costs[best] = int.MaxValue;
            var cell = best == Heading.Count ? own.Cell : _layout.Ahead(own.Cell, best);
            if (_next.AsSpan().Contains(cell) || (pusher != Nobody && cell == floor.Robot(pusher).Cell)) continue;
            _next[robot] = cell;
            if (best == Heading.Count) return true;
            var other = RobotAt(floor, cell);
            if (other == Nobody || _next[other] != Open || Choose(floor, other, robot, targets)) return true;
        }

        _next[robot] = own.Cell;
        return false;
    }

    /// <summary>Steps to the target over the cell at a side; int.MaxValue if the robot cannot go there.</summary>
    private int Cost(in Floor floor, in Robot robot, int heading, int target)
    {
        int cell = floor[_layout.Ahead(robot.Cell, heading)];
        if (Cell.IsClosed(cell, carries: robot.Shelf != 0)) return int.MaxValue;
        var isBeside = heading == Heading.LeftOf(robot.Heading) || heading == Heading.RightOf(robot.Heading);
        var turns = robot.Heading == heading ? 0 : isBeside ? 1 : 2;
        return turns + 1 + (target == NoTarget ? 0 : PathsOf(robot).Steps(target, _layout.Ahead(robot.Cell, heading), heading));
    }

    private static int Least(ReadOnlySpan<int> costs)
    {
        var least = int.MaxValue;
        foreach (var cost in costs) least = Math.Min(least, cost);
        return least;
    }

    private int RobotAt(in Floor floor, int cell)
    {
        for (var robot = 0; robot < _next.Length && (floor[cell] & Cell.Robot) != 0; robot++)
        {
            if (floor.Robot(robot).Cell == cell) return robot;
        }

        return Nobody;
    }

    private byte Action(in Robot robot, int next)
    {
        if (next == robot.Cell) return WarehouseAction.Nothing;
        if (_layout.Ahead(robot.Cell, robot.Heading) == next) return WarehouseAction.Ahead;
        var isLeft = _layout.Ahead(robot.Cell, Heading.LeftOf(robot.Heading)) == next;
        return (byte)(isLeft ? WarehouseAction.TurnLeft : WarehouseAction.TurnRight);
    }
}
