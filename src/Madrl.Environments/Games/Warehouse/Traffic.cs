namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// Who of the robots that want to go ahead does so. Draw an arrow from each robot's cell to the one it wishes. Of the robots that
/// arrows join and lead to a free cell, the longest chain goes; of three or more in a circle, all go; all others stay, also two who
/// wish to change places. Of chains equally long, the one goes whose last robot has the lowest index; in the reference program that
/// depends on the order of a hash table.
/// </summary>
/// <param name="layout">The warehouse.</param>
/// <param name="robots">Robots of a copy.</param>
internal sealed class Traffic(WarehouseLayout layout, int robots)
{
    // In the place of the mover in front of a mover.
    private const int Nobody = -1;
    private const int StandingRobot = -2;

    private readonly int[] _targets = new int[robots];
    private readonly int[] _inFront = new int[robots];
    private readonly int[] _lifted = new int[robots];
    private readonly bool[] _goes = new bool[robots];

    // By cell; what other cells hold is left over from earlier steps.
    private readonly int[] _moverAt = new int[layout.Cells];
    private readonly int[] _longest = new int[layout.Cells];
    private readonly int[] _lastOfLongest = new int[layout.Cells];

    /// <summary>Moves robots ahead as far as the others let them. All others of the copy stand.</summary>
    /// <param name="floor">The copy.</param>
    /// <param name="movers">The robots that want to go ahead, in the order of their indices.</param>
    public void Move(in Floor floor, Span<int> movers)
    {
        var count = 0;
        var contended = false;
        foreach (var robot in movers)
        {
            var target = layout.Ahead(floor.Robot(robot).Cell, floor.Robot(robot).Heading);
            int cell = floor[target];
            if (Cell.IsClosed(cell, floor.Robot(robot).Shelf != 0)) continue;
            contended |= (cell & (Cell.Robot | Cell.Wished)) != 0;
            floor[target] |= Cell.Wished;
            _targets[count] = target;
            movers[count++] = robot;
        }

        movers = movers[..count];
        if (contended)
        {
            MoveContended(floor, movers);
            return;
        }

        for (var i = 0; i < movers.Length; i++) floor.Land(movers[i], _targets[i], floor.Lift(movers[i]));
    }

    private void MoveContended(in Floor floor, ReadOnlySpan<int> movers)
    {
        FindInFront(floor, movers);
        Decide(movers.Length);

        // All are lifted before the first lands: in a chain or a circle a robot lands where another has stood.
        for (var i = 0; i < movers.Length; i++)
        {
            if (_goes[i]) _lifted[i] = floor.Lift(movers[i]);
        }

        for (var i = 0; i < movers.Length; i++)
        {
            if (_goes[i]) floor.Land(movers[i], _targets[i], _lifted[i]);
        }
    }

    private void FindInFront(in Floor floor, ReadOnlySpan<int> movers)
    {
        for (var i = 0; i < movers.Length; i++)
        {
            floor[_targets[i]] &= unchecked((byte)~Cell.Wished);
            _moverAt[floor.Robot(movers[i]).Cell] = i;
            _longest[_targets[i]] = 0;
        }

        for (var i = 0; i < movers.Length; i++)
        {
            var target = _targets[i];
            var mover = _moverAt[target];
            if ((floor[target] & Cell.Robot) == 0) _inFront[i] = Nobody;
            else _inFront[i] = mover < movers.Length && floor.Robot(movers[mover]).Cell == target ? mover : StandingRobot;
        }
    }

    private void Decide(int movers)
    {
        for (var i = 0; i < movers; i++)
        {
            var (first, length) = Chain(i, movers);
            _goes[i] = _inFront[first] == i && length > 2;
            if (_inFront[first] != Nobody || length <= _longest[_targets[first]]) continue;
            _longest[_targets[first]] = length;
            _lastOfLongest[_targets[first]] = i;
        }

        for (var i = 0; i < movers; i++)
        {
            var first = Chain(i, movers).First;
            if (_inFront[first] != Nobody || _lastOfLongest[_targets[first]] != i) continue;
            for (var j = i; j != Nobody; j = _inFront[j]) _goes[j] = true;
        }
    }

    /// <summary>
    /// Follows the movers in front of a mover up to the first of the chain, or back to that mover, or, where they lead into a circle
    /// that it does not belong to, until there are more than all movers.
    /// </summary>
    private (int First, int Length) Chain(int last, int movers)
    {
        var (first, length) = (last, 1);
        while (_inFront[first] >= 0 && _inFront[first] != last && length <= movers)
        {
            first = _inFront[first];
            length++;
        }

        return (first, length);
    }
}
