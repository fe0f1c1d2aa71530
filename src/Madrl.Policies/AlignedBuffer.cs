using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Madrl.Policies;

/// <summary>
/// Zeroed float32 memory that starts on a cache line and never moves, so that no vector load straddles two lines.
/// It lives as long as this object: who works with <see cref="Pointer"/> keeps the object alive meanwhile.
/// </summary>
internal sealed unsafe class AlignedBuffer
{
    private const int CacheLine = 64;

    private readonly float[] _memory;

    public AlignedBuffer(int length)
    {
        _memory = GC.AllocateArray<float>(length + CacheLine / sizeof(float), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        Pointer = (float*)((address + CacheLine - 1) & ~(nuint)(CacheLine - 1));
    }

    public float* Pointer { get; }
}
