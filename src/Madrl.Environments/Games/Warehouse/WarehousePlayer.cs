namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// The scripted policy: of the robots without a shelf and the requested shelves the nearest pair belongs together, then the nearest of
/// the others, and so on; who is left over waits. A requested shelf is carried to the nearer goal and then to the nearest free place.
/// Who comes before whom on the way is settled by <see cref="RightOfWay"/>: deliveries before returns before who fetches, and among
/// these the nearest to its target.
/// </summary>
internal sealed class WarehousePlayer : JointPlayer
{
    private const int None = RightOfWay.NoTarget;

    private readonly Floors _floors;
    private readonly int _robots;
    private readonly int _requests;
    private readonly WarehouseLayout _layout;
    private readonly Lazy<RightOfWay> _rightOfWay;
    private readonly int[] _placeAt; // By cell; None on highways.
    private readonly int[] _targets;
    private readonly int[] _order;
    private readonly bool[] _taken;

    /// <summary>A player for a batch.</summary>
    public WarehousePlayer(WarehouseLayout layout, Floors floors, int copies, int robots, int requests)
        : base(copies, robots)
    {
        (_layout, _floors, _robots, _requests) = (layout, floors, robots, requests);
        _rightOfWay = new Lazy<RightOfWay>(() => new RightOfWay(layout, robots));
        _placeAt = new int[layout.Cells];
        Array.Fill(_placeAt, None);
        for (var place = 0; place < layout.Places.Length; place++) _placeAt[layout.Places[place]] = place;
        _targets = new int[robots];
        _order = new int[robots];
        _taken = new bool[layout.Places.Length];
    }

    /// <inheritdoc/>
    protected override void Plan(int copy, Span<byte> actions)
    {
        var floor = _floors[copy];
        Array.Fill(_targets, None);
        Array.Clear(_taken);
        for (var robot = 0; robot < _robots; robot++)
        {
            if (floor.Robot(robot).Shelf == 0) continue;
            if (IsRequested(floor, robot)) _targets[robot] = NearerGoal(floor, robot);
            else Take(robot, NearestFreePlace(floor, robot));
        }

        while (TakeNearestRequest(floor))
        {
        }

        for (var robot = 0; robot < _robots; robot++) _order[robot] = Rank(floor, robot);
        _order.AsSpan().Sort();
        for (var i = 0; i < _robots; i++) _order[i] %= _robots;
        _rightOfWay.Value.Settle(floor, _order, _targets, actions);
        for (var robot = 0; robot < _robots; robot++)
        {
            var isThere = _targets[robot] != None && _targets[robot] == _placeAt[floor.Robot(robot).Cell];
            if (isThere && actions[robot] == WarehouseAction.Nothing) actions[robot] = WarehouseAction.Load;
        }
    }

    private static bool IsRequested(in Floor floor, int robot) => (floor[floor.Robot(robot).Cell] & Cell.Requested) != 0;

    private void Take(int robot, int place)
    {
        _targets[robot] = place;
        _taken[place] = true;
    }

    private int Distance(in Floor floor, int robot, int target) => _rightOfWay.Value.Distance(floor.Robot(robot), target);

    /// <summary>The lower, the earlier; modulo the number of robots it is the robot.</summary>
    private int Rank(in Floor floor, int robot)
    {
        const int farthest = 1 << 16;
        var loaded = floor.Robot(robot).Shelf != 0;
        var group = _targets[robot] == None ? 3 : !loaded ? 2 : IsRequested(floor, robot) ? 0 : 1;
        return (group * farthest + (group == 3 ? 0 : Distance(floor, robot, _targets[robot]))) * _robots + robot;
    }

    private int NearerGoal(in Floor floor, int robot)
    {
        var goals = _layout.Places.Length;
        return Distance(floor, robot, goals) <= Distance(floor, robot, goals + 1) ? goals : goals + 1;
    }

    /// <summary>
    /// The nearest place without a shelf; where the robot has arrived with its own, that place. There is one for every carried shelf.
    /// </summary>
    private int NearestFreePlace(in Floor floor, int robot)
    {
        var nearest = None;
        for (var place = 0; place < _taken.Length; place++)
        {
            var cell = _layout.Places[place];
            if (_taken[place] || ((floor[cell] & Cell.Shelf) != 0 && cell != floor.Robot(robot).Cell)) continue;
            if (nearest == None || Distance(floor, robot, place) < Distance(floor, robot, nearest)) nearest = place;
        }

        return nearest;
    }

    private bool TakeNearestRequest(in Floor floor)
    {
        var (nearest, target, least) = (None, None, int.MaxValue);
        for (var i = 0; i < _requests; i++)
        {
            var cell = floor.CellOf(floor.Requested(i));
            var place = _placeAt[cell];
            if ((floor[cell] & Cell.Carried) != 0 || _taken[place]) continue;
            for (var robot = 0; robot < _robots; robot++)
            {
                if (_targets[robot] != None || floor.Robot(robot).Shelf != 0 || Distance(floor, robot, place) >= least) continue;
                (nearest, target, least) = (robot, place, Distance(floor, robot, place));
            }
        }

        if (nearest == None) return false;
        Take(nearest, target);
        return true;
    }
}
