using System.Runtime.InteropServices;

namespace Madrl.Environments.Games.Warehouse;

/// <summary>The states of K copies: each kind of thing in one array, copy after copy.</summary>
internal sealed unsafe class Floors
{
    private readonly byte[] _empty;
    private readonly Rows<byte> _cells;
    private readonly Rows<Robot> _robots;
    private readonly Rows<ushort> _shelves;
    private readonly Rows<ushort> _queues;

    /// <summary>Copies that must be cleared before anything is put into them.</summary>
    public Floors(WarehouseLayout layout, int copies, int robots, int requests)
    {
        _cells = new(copies, layout.Cells);
        _robots = new(copies, robots);
        _shelves = new(copies, layout.Places.Length + 1);
        _queues = new(copies, requests);
        _empty = [.. Enumerable.Range(0, layout.Cells).Select(cell => layout.IsInside(cell) ? (byte)0 : (byte)Cell.Outside)];
    }

    /// <summary>A copy. Valid as long as this object is.</summary>
    public Floor this[int copy] => new(_cells.Of(copy), _robots.Of(copy), _shelves.Of(copy), _queues.Of(copy));

    /// <summary>Takes everything out of a copy.</summary>
    public void Clear(int copy) => _empty.CopyTo(new Span<byte>(_cells.Of(copy), _empty.Length));

    /// <summary>As many things in each copy, in memory that does not move.</summary>
    private readonly struct Rows<T>
        where T : unmanaged
    {
        private readonly T[] _memory;
        private readonly T* _first;
        private readonly int _size;

        public Rows(int copies, int size)
        {
            _memory = GC.AllocateArray<T>(checked(copies * size), pinned: true);
            _first = (T*)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
            _size = size;
        }

        public T* Of(int copy) => _first + (nint)copy * _size;
    }
}
