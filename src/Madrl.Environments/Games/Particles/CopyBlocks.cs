using System.Runtime.InteropServices;

namespace Madrl.Environments.Games.Particles;

/// <summary>
/// The numbers of K copies, float64, in blocks of W copies: within a block each quantity is a row of W numbers, so that one
/// instruction serves several copies and a block stays in the nearest cache while everything of a step is done to it. The last
/// block is padded with copies that nobody looks at. Lanes never mix: the bits depend neither on K nor on a vector's width.
/// </summary>
internal sealed unsafe class CopyBlocks
{
    /// <summary>W is a multiple of it: so many numbers of single precision are a vector.</summary>
    public const int Step = 16;

    private const int LargestWidth = 64;
    private const int CacheLine = 64;

    private readonly double[] _memory;
    private readonly double* _first;

    /// <summary>Blocks of zeros.</summary>
    /// <param name="copies">Copies, K, at least 1, and with all rows no more numbers than an array may have.</param>
    /// <param name="rows">Rows of a block.</param>
    public CopyBlocks(int copies, int rows)
    {
        Copies = copies;
        Rows = rows;
        Width = Math.Min(LargestWidth, (copies + Step - 1) / Step * Step);
        Count = (copies + Width - 1) / Width;
        var numbers = (long)Count * rows * Width + CacheLine / sizeof(double);
        if (numbers > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(copies), copies, $"A batch has room for {Array.MaxLength / rows} copies of this game.");
        _memory = GC.AllocateArray<double>((int)numbers, pinned: true);
        var address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _first = (double*)((address + CacheLine - 1) & ~(nint)(CacheLine - 1));
    }

    /// <summary>Copies, K.</summary>
    public int Copies { get; }

    /// <summary>Rows of a block.</summary>
    public int Rows { get; }

    /// <summary>Copies of a block, W.</summary>
    public int Width { get; }

    /// <summary>Number of blocks.</summary>
    public int Count { get; }

    /// <summary>A copy. Valid as long as this object is.</summary>
    public CopyLane this[int copy] => new(Block(copy / Width) + copy % Width, Width);

    /// <summary>The eight copies among which a copy is.</summary>
    public CopyLanes LanesOf(int copy) => new(Block(copy / Width) + copy % Width / CopyLanes.Count * CopyLanes.Count, Width);

    /// <summary>Row 0 of a block; row r begins r · W further on. Valid as long as this object is.</summary>
    public double* Block(int block) => _first + (nint)block * Rows * Width;

    /// <summary>Copies of a block that are somebody's: W, fewer in the last.</summary>
    public int CopiesOf(int block) => Math.Min(Width, Copies - block * Width);
}
