using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Madrl.Numerics;

/// <summary>Many keyed streams at once: the numbers of <see cref="KeyedRandom"/>, eight rows in a vector.</summary>
public static class KeyedRows
{
    private const int Lanes = 8;
    private const byte OddLanes = 0b10101010;

    /// <summary>
    /// Row r receives the first numbers that <see cref="KeyedRandom.NextSingle"/> gives for copy <paramref name="firstCopy"/> + r.
    /// </summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="firstCopy">Copy of row 0; the last row's is below 2^32.</param>
    /// <param name="agent">Index of the agent, below 2^24.</param>
    /// <param name="step">Global step or episode number, below 2^32.</param>
    /// <param name="numbers">[rows, perRow].</param>
    /// <param name="perRow">Numbers of a row, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index does not fit its field.</exception>
    public static void NextSingles(ulong seed, RandomPurpose purpose, long firstCopy, int agent, long step, Span<float> numbers, int perRow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perRow, 1);
        var rows = numbers.Length / perRow;
        var row = 0;
        if (Avx2.IsSupported)
        {
            // Checks the key, that of the last row too.
            _ = new KeyedRandom(seed, purpose, firstCopy, agent, step);
            _ = new KeyedRandom(seed, purpose, firstCopy + Math.Max(0, rows - 1), agent, step);
            var stream = (uint)purpose << 24 | (uint)agent;
            for (; row + Lanes <= rows; row += Lanes)
                EightRows(seed, (uint)(firstCopy + row), stream, (uint)step, numbers.Slice(row * perRow, Lanes * perRow), perRow);
        }

        for (; row < rows; row++)
        {
            var random = new KeyedRandom(seed, purpose, firstCopy + row, agent, step);
            foreach (ref var number in numbers.Slice(row * perRow, perRow)) number = random.NextSingle();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightRows(ulong seed, uint firstCopy, uint stream, uint step, Span<float> numbers, int perRow)
    {
        var copies = Vector256.Create(firstCopy) + Vector256<uint>.Indices;
        Span<float> words = stackalloc float[4 * Lanes];
        for (var first = 0; first < perRow; first += 4)
        {
            var x0 = Vector256.Create((uint)(first / 4));
            Vector256<uint> x1 = Vector256.Create(step), x2 = copies, x3 = Vector256.Create(stream);
            Philox4x32.Generate(ref x0, ref x1, ref x2, ref x3, (uint)seed, (uint)(seed >> 32));
            ToSingle(x0).CopyTo(words);
            ToSingle(x1).CopyTo(words[Lanes..]);
            ToSingle(x2).CopyTo(words[(2 * Lanes)..]);
            ToSingle(x3).CopyTo(words[(3 * Lanes)..]);
            var count = Math.Min(4, perRow - first);
            for (var row = 0; row < Lanes; row++)
            {
                for (var i = 0; i < count; i++) numbers[row * perRow + first + i] = words[i * Lanes + row];
            }
        }
    }

    private static Vector256<float> ToSingle(Vector256<uint> bits) =>
        Vector256.ConvertToSingle(Vector256.ShiftRightLogical(bits, 8).AsInt32()) * Vector256.Create(KeyedRandom.SingleUnit);

    /// <summary>The low and the high words of the products of eight numbers with one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector256<uint> Low, Vector256<uint> High) Multiply(Vector256<uint> x, uint factor)
    {
        var factors = Vector256.Create(factor);
        var even = Avx2.Multiply(x, factors);
        var odd = Avx2.Multiply(Vector256.ShiftRightLogical(x.AsUInt64(), 32).AsUInt32(), factors);
        return (
            Avx2.Blend(even.AsUInt32(), Vector256.ShiftLeft(odd, 32).AsUInt32(), OddLanes),
            Avx2.Blend(Vector256.ShiftRightLogical(even, 32).AsUInt32(), odd.AsUInt32(), OddLanes));
    }
}
