using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Madrl.Policies;

/// <summary>Finds infinities and NaNs, which are the numbers whose exponent bits are all set.</summary>
internal static class NonFinite
{
    private const int MagnitudeBits = 0x7FFFFFFF;
    private const int InfinityBits = 0x7F800000;

    /// <summary>Index of the first infinity or NaN, -1 where all numbers are finite.</summary>
    public static int IndexIn(ReadOnlySpan<float> values)
    {
        var bits = MemoryMarshal.Cast<float, int>(values);
        var i = 0;
        for (; i + Vector256<int>.Count <= bits.Length; i += Vector256<int>.Count)
        {
            var magnitudes = Vector256.Create(bits[i..]) & Vector256.Create(MagnitudeBits);
            if (Vector256.GreaterThanAny(magnitudes, Vector256.Create(InfinityBits - 1))) break;
        }

        for (; i < bits.Length; i++)
        {
            if ((bits[i] & MagnitudeBits) >= InfinityBits) return i;
        }

        return -1;
    }
}
