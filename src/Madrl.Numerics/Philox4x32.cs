using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Madrl.Numerics;

/// <summary>
/// The counter-based generator Philox 4x32-10: a pure function from a 128-bit counter and a 64-bit key to 128 random bits.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
/// </summary>
public static class Philox4x32
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>The 128 bits that belong to a counter under the key (<paramref name="key0"/>, <paramref name="key1"/>).</summary>
    public static PhiloxBlock Generate(PhiloxBlock counter, uint key0, uint key1)
    {
        var (x0, x1, x2, x3) = counter;
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * x0;
            var product1 = (ulong)Multiplier1 * x2;
            x0 = (uint)(product1 >> 32) ^ x1 ^ key0;
            x1 = (uint)product1;
            x2 = (uint)(product0 >> 32) ^ x3 ^ key1;
            x3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return new PhiloxBlock(x0, x1, x2, x3);
    }

    /// <summary>The same for eight counters, in place: lane i of the words is the i-th counter. Needs AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Generate(
        ref Vector256<uint> x0, ref Vector256<uint> x1, ref Vector256<uint> x2, ref Vector256<uint> x3, uint key0, uint key1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (low0, high0) = KeyedRows.Multiply(x0, Multiplier0);
            var (low1, high1) = KeyedRows.Multiply(x2, Multiplier1);
            x0 = high1 ^ x1 ^ Vector256.Create(key0);
            x1 = low1;
            x2 = high0 ^ x3 ^ Vector256.Create(key1);
            x3 = low0;
            key0 += Weyl0;
            key1 += Weyl1;
        }
    }
}

/// <summary>Four 32-bit words: a counter that goes into Philox, or the random bits that come out.</summary>
public readonly record struct PhiloxBlock(uint X0, uint X1, uint X2, uint X3);
