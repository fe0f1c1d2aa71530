using System.Runtime.CompilerServices;

namespace Madrl.Environments.Games.Warehouse;

/// <summary>An agent's robot.</summary>
internal struct Robot
{
    /// <summary>The cell it stands in.</summary>
    public ushort Cell;

    /// <summary>The shelf it carries; 0 for none.</summary>
    public ushort Shelf;

    /// <summary>Where it looks, a <see cref="Warehouse.Heading"/>.</summary>
    public byte Heading;

    /// <summary>Whether it has delivered the shelf it carries and not yet brought it back (two-stage rewards).</summary>
    public bool HasDelivered;
}

/// <summary>
/// The state of one copy. Shelves are numbered from 1. What the cells show follows from the rest; the methods here keep them together.
/// </summary>
internal readonly unsafe struct Floor
{
    private readonly byte* _cells;
    private readonly Robot* _robots;
    private readonly ushort* _shelves;
    private readonly ushort* _queue;

    /// <summary>A copy in the memory of <see cref="Floors"/>.</summary>
    /// <param name="cells">What is in each cell, bits of <see cref="Cell"/>.</param>
    /// <param name="robots">The robots.</param>
    /// <param name="shelves">The cell of each shelf; entry 0 belongs to no shelf.</param>
    /// <param name="queue">The requested shelves.</param>
    public Floor(byte* cells, Robot* robots, ushort* shelves, ushort* queue)
    {
        _cells = cells;
        _robots = robots;
        _shelves = shelves;
        _queue = queue;
    }

    /// <summary>What is in a cell.</summary>
    public ref byte this[int cell] => ref _cells[cell];

    /// <summary>An agent's robot.</summary>
    public ref Robot Robot(int robot) => ref _robots[robot];

    /// <summary>The cell of a shelf.</summary>
    public int CellOf(int shelf) => _shelves[shelf];

    /// <summary>The shelf at a place of the queue.</summary>
    public int Requested(int place) => _queue[place];

    /// <summary>Puts a shelf down that was nowhere.</summary>
    public void PlaceShelf(int shelf, int cell)
    {
        _shelves[shelf] = (ushort)cell;
        _cells[cell] |= Cell.Shelf;
    }

    /// <summary>Puts a robot down that was nowhere, with the shelf of that cell on it or without one (0).</summary>
    public void PlaceRobot(int robot, int cell, int heading, int shelf)
    {
        _robots[robot] = new Robot { Cell = (ushort)cell, Heading = (byte)heading, Shelf = (ushort)shelf };
        _cells[cell] |= (byte)(Cell.Robot | heading);
        if (shelf != 0) _cells[cell] |= Cell.Carried;
    }

    /// <summary>Requests a shelf, at a place of the queue that was free.</summary>
    public void Request(int place, int shelf)
    {
        _queue[place] = (ushort)shelf;
        _cells[_shelves[shelf]] |= Cell.Requested;
    }

    /// <summary>Requests another shelf in the place of one that is requested.</summary>
    public void Replace(int requested, int shelf)
    {
        var place = 0;
        while (_queue[place] != requested) place++;
        _cells[_shelves[requested]] &= unchecked((byte)~Cell.Requested);
        Request(place, shelf);
    }

    /// <summary>Turns a robot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Turn(int robot, int heading)
    {
        _robots[robot].Heading = (byte)heading;
        ref var cell = ref _cells[_robots[robot].Cell];
        cell = (byte)((cell & ~Cell.HeadingMask) | heading);
    }

    /// <summary>A robot takes the shelf that stands in its cell.</summary>
    public void PickUp(int robot, int shelfCount)
    {
        var cell = _robots[robot].Cell;
        _robots[robot].Shelf = (ushort)(1 + new ReadOnlySpan<ushort>(_shelves + 1, shelfCount).IndexOf(cell));
        _cells[cell] |= Cell.Carried;
    }

    /// <summary>A robot leaves its shelf where it stands.</summary>
    public void PutDown(int robot)
    {
        _robots[robot].Shelf = 0;
        _robots[robot].HasDelivered = false;
        _cells[_robots[robot].Cell] &= unchecked((byte)~Cell.Carried);
    }

    /// <summary>Takes a robot with what it carries off its cell.</summary>
    /// <returns>What <see cref="Land"/> needs.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Lift(int robot)
    {
        const int body = Cell.Robot | Cell.HeadingMask;
        ref var cell = ref _cells[_robots[robot].Cell];
        var lifted = cell & (_robots[robot].Shelf != 0 ? body | Cell.Shelf | Cell.Requested | Cell.Carried : body);
        cell ^= (byte)lifted;
        return lifted;
    }

    /// <summary>Puts a lifted robot down in a cell where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Land(int robot, int cell, int lifted)
    {
        _robots[robot].Cell = (ushort)cell;
        _shelves[_robots[robot].Shelf] = (ushort)cell;
        _cells[cell] = (byte)((_cells[cell] | lifted) & ~Cell.Wished);
    }
}
