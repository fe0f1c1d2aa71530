using System.Runtime.InteropServices;

namespace Madrl.Environments.Games.Particles;

/// <summary>
/// The numbers of K copies, float64, in blocks of W copies: within a block each quantity is a row of W numbers, so that one
/// instruction serves several copies and a block stays in the nearest cache while everything of a step is done to it. The last
/// block is padded with copies that nobody looks at. Lanes never mix: the bits depend neither on K nor on a vector's width.
/// </summary>
internal sealed unsafe class CopyBlocks
{
    /// <summary>Copies that the vector code handles at once: W is a multiple of it.</summary>
    public const int Lanes = 16;

    private const int LargestWidth = 64;
    private const int CacheLine = 64;

    private readonly double[] _memory;
    private readonly double* _first;

    /// <summary>Blocks of zeros.</summary>
    /// <param name="copies">Copies, K, at least 1.</param>
    /// <param name="rows">Rows of a block.</param>
    public CopyBlocks(int copies, int rows)
    {
        Copies = copies;
        Rows = rows;
        Width = Math.Min(LargestWidth, (copies + Lanes - 1) / Lanes * Lanes);
        Count = (copies + Width - 1) / Width;
        _memory = GC.AllocateArray<double>(checked(Count * rows * Width + CacheLine / sizeof(double)), pinned: true);
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

    /// <summary>A number of a copy.</summary>
    public ref double this[int row, int copy] => ref _first[((nint)(copy / Width) * Rows + row) * Width + copy % Width];

    /// <summary>Row 0 of a block; row r begins r · W further on. Valid as long as this object is.</summary>
    public double* Block(int block) => _first + (nint)block * Rows * Width;

    /// <summary>Copies of a block that are somebody's: W, fewer in the last.</summary>
    public int CopiesOf(int block) => Math.Min(Width, Copies - block * Width);
}
