using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Madrl.Numerics;

/// <summary>
/// Zeroed float32 memory that starts on a cache line and never moves, so that no vector load straddles two lines.
/// It lives as long as this object: who works with <see cref="Pointer"/> keeps the object alive meanwhile.
/// </summary>
public sealed unsafe class AlignedBuffer
{
    private const int CacheLine = 64;

    private readonly float[] _memory;

    /// <summary>Memory for <paramref name="length"/> numbers, all zero.</summary>
    public AlignedBuffer(int length)
    {
        _memory = GC.AllocateArray<float>(length + CacheLine / sizeof(float), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        Pointer = (float*)((address + CacheLine - 1) & ~(nuint)(CacheLine - 1));
    }

    /// <summary>Where it starts.</summary>
    public float* Pointer { get; }

    /// <summary>Numbers it holds.</summary>
    public int Length => _memory.Length - CacheLine / sizeof(float);
}
