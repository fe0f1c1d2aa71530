namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// The scripted policy: of the robots without a shelf and the requested shelves the nearest pair belongs together, then the nearest of
/// the others, and so on; who is left over waits beneath a shelf. A requested shelf is carried to the nearer goal and then to the
/// nearest free place. All keep to the <see cref="Streets"/>; robots that wait for one another in a circle go on together, so nobody is
/// stuck for ever.
/// </summary>
internal sealed class WarehousePlayer
{
    private const int Nothing = 0;
    private const int GoAhead = 1;
    private const int TurnLeft = 2;
    private const int TurnRight = 3;
    private const int Load = 4;
    private const int None = -1;

    private readonly Floors _floors;
    private readonly int _copies;
    private readonly int _robots;
    private readonly int _requests;
    private readonly WarehouseLayout _layout;
    private readonly Lazy<Streets> _streets;
    private readonly int[] _targetAt; // By cell; None where there is no place.
    private readonly int[] _targets;
    private readonly bool[] _taken;
    private readonly byte[] _choices; // [K, robots]
    private long _plannedFor;

    /// <summary>A player for a batch.</summary>
    public WarehousePlayer(WarehouseLayout layout, Floors floors, int copies, int robots, int requests)
    {
        (_layout, _floors, _copies, _robots, _requests) = (layout, floors, copies, robots, requests);
        _streets = new Lazy<Streets>(() => new Streets(layout));
        _targetAt = new int[layout.Cells];
        Array.Fill(_targetAt, None);
        for (var place = 0; place < layout.Places.Length; place++) _targetAt[layout.Places[place]] = place;
        _targets = new int[robots];
        _taken = new bool[layout.Places.Length];
        _choices = new byte[copies * robots];
    }

    /// <summary>Writes an agent's actions. All robots are planned together, once for a moment of the batch.</summary>
    /// <param name="moment">Another number for every state of the batch, from 1 on.</param>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="actions">Receives the actions [K].</param>
    public void Play(long moment, int agent, Span<float> actions)
    {
        if (_plannedFor != moment)
        {
            for (var copy = 0; copy < _copies; copy++) Plan(_floors[copy], _choices.AsSpan(copy * _robots, _robots));
            _plannedFor = moment;
        }

        for (var copy = 0; copy < _copies; copy++) actions[copy] = _choices[copy * _robots + agent];
    }

    private void Plan(in Floor floor, Span<byte> choices)
    {
        Array.Fill(_targets, None);
        Array.Clear(_taken);
        for (var robot = 0; robot < _robots; robot++)
        {
            if (floor.Robot(robot).Shelf != 0) Take(robot, IsRequested(floor, robot) ? NearerGoal(floor, robot) : NearestFreePlace(floor, robot));
        }

        while (TakeNearestRequest(floor))
        {
        }

        for (var robot = 0; robot < _robots; robot++)
        {
            if (_targets[robot] == None && floor.Robot(robot).Shelf == 0) Wait(floor, robot);
        }

        for (var robot = 0; robot < _robots; robot++) choices[robot] = (byte)Choose(floor, robot);
    }

    private static bool IsRequested(in Floor floor, int robot) => (floor[floor.Robot(robot).Cell] & Cell.Requested) != 0;

    private void Take(int robot, int target)
    {
        _targets[robot] = target;
        if (target != None && target < _taken.Length) _taken[target] = true;
    }

    private int Steps(in Floor floor, int robot, int target) =>
        _streets.Value.Steps(target, floor.Robot(robot).Cell, floor.Robot(robot).Heading);

    private int NearerGoal(in Floor floor, int robot)
    {
        var goals = _layout.Places.Length;
        return Steps(floor, robot, goals) <= Steps(floor, robot, goals + 1) ? goals : goals + 1;
    }

    /// <summary>The nearest place without shelf and robot; the one where the robot has arrived counts.</summary>
    private int NearestFreePlace(in Floor floor, int robot)
    {
        var nearest = None;
        for (var place = 0; place < _taken.Length; place++)
        {
            var cell = _layout.Places[place];
            if (_taken[place] || ((floor[cell] & (Cell.Shelf | Cell.Robot)) != 0 && cell != floor.Robot(robot).Cell)) continue;
            if (nearest == None || Steps(floor, robot, place) < Steps(floor, robot, nearest)) nearest = place;
        }

        return nearest;
    }

    private bool TakeNearestRequest(in Floor floor)
    {
        var (nearest, target, least) = (None, None, int.MaxValue);
        for (var i = 0; i < _requests; i++)
        {
            var cell = floor.CellOf(floor.Requested(i));
            var place = _targetAt[cell];
            if ((floor[cell] & Cell.Carried) != 0 || _taken[place]) continue;
            for (var robot = 0; robot < _robots; robot++)
            {
                if (_targets[robot] != None || floor.Robot(robot).Shelf != 0 || Steps(floor, robot, place) >= least) continue;
                (nearest, target, least) = (robot, place, Steps(floor, robot, place));
            }
        }

        if (nearest == None) return false;
        Take(nearest, target);
        return true;
    }

    /// <summary>A robot with nothing to do leaves the street, for a place that nobody will want to put a shelf down in.</summary>
    private void Wait(in Floor floor, int robot)
    {
        if (_targetAt[floor.Robot(robot).Cell] != None) return;
        var nearest = None;
        for (var place = 0; place < _taken.Length; place++)
        {
            if (_taken[place] || (floor[_layout.Places[place]] & (Cell.Shelf | Cell.Robot)) != Cell.Shelf) continue;
            if (nearest == None || Steps(floor, robot, place) < Steps(floor, robot, nearest)) nearest = place;
        }

        Take(robot, nearest);
    }

    private int Choose(in Floor floor, int robot)
    {
        var target = _targets[robot];
        if (target == None) return Nothing;
        int cell = floor.Robot(robot).Cell, heading = floor.Robot(robot).Heading;
        var steps = _streets.Value.Steps(target, cell, heading);
        if (steps == 0) return target < _taken.Length ? Load : Nothing;
        if (_streets.Value.Leads(cell, heading) && _streets.Value.Steps(target, _layout.Ahead(cell, heading), heading) < steps) return GoAhead;
        return _streets.Value.Steps(target, cell, Heading.LeftOf(heading)) < steps ? TurnLeft : TurnRight;
    }
}
