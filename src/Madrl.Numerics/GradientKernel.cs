using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Madrl.Numerics;

/// <summary>
/// Sums over a batch that lies in columns (see <see cref="MatrixKernel"/>): gradients of weights and biases, and the way of a
/// batch into columns and back. Sixteen partial sums by row number modulo 16, added in a fixed order, on every processor.
/// </summary>
public static unsafe class GradientKernel
{
    private const int Lanes = 16;

    /// <summary>g += dy xᵀ, summed over the rows of all blocks.</summary>
    /// <param name="dy">Blocks of [outputs, width].</param>
    /// <param name="x">Blocks of [inputs, width].</param>
    /// <param name="g">[outputs, inputs], row-major.</param>
    /// <param name="outputs">Rows of g.</param>
    /// <param name="inputs">Columns of g.</param>
    /// <param name="blocks">Where the blocks lie.</param>
    public static void Outer(float* dy, float* x, float* g, int outputs, int inputs, in Blocks blocks)
    {
        var side = Vector512.IsHardwareAccelerated ? 4 : 2;
        for (var output = 0; output < outputs; output += side)
        {
            for (var input = 0; input < inputs; input += side)
            {
                if (side == 4) Tile4(dy, x, g, output, input, outputs, inputs, blocks);
                else Tile2(dy, x, g, output, input, outputs, inputs, blocks);
            }
        }
    }

    /// <summary>g += the sum of dy over the rows of all blocks.</summary>
    /// <param name="dy">Blocks of [outputs, width].</param>
    /// <param name="g">[outputs].</param>
    /// <param name="outputs">Length of g.</param>
    /// <param name="blocks">Where the blocks lie; the stride of x is not used.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(float* dy, float* g, int outputs, in Blocks blocks)
    {
        nint width = blocks.Width;
        for (var output = 0; output < outputs; output += 4)
        {
            // Rows past the last repeat it; what they sum is not stored.
            nint last = outputs - 1 - output;
            nint d1 = Math.Min(1, last) * width, d2 = Math.Min(2, last) * width, d3 = Math.Min(3, last) * width;
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            var d = dy + output * width;
            for (var block = 0; block < blocks.Count; block++, d += blocks.DyStride)
            {
                for (nint c = 0; c < width; c += Lanes)
                {
                    s0 += Vector512.Load(d + c);
                    s1 += Vector512.Load(d + d1 + c);
                    s2 += Vector512.Load(d + d2 + c);
                    s3 += Vector512.Load(d + d3 + c);
                }
            }

            Add(g + output, (int)Math.Min(4, last + 1), Totals(s0, s1, s2, s3));
        }
    }

    /// <summary>Puts rows into columns: columns[k · width + r] = rows[r · rowStride + k], zero for r from count on.</summary>
    /// <param name="rows">count rows of size numbers.</param>
    /// <param name="rowStride">Distance between two rows.</param>
    /// <param name="count">Rows.</param>
    /// <param name="size">Numbers per row.</param>
    /// <param name="columns">[size, width].</param>
    /// <param name="width">At least count.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToColumns(float* rows, nint rowStride, int count, int size, float* columns, nint width)
    {
        var r = 0;
        for (; r + 4 <= count; r += 4)
        {
            float* r0 = rows + r * rowStride, r1 = r0 + rowStride, r2 = r1 + rowStride, r3 = r2 + rowStride;
            nint k = 0;
            for (; k + 4 <= size; k += 4)
            {
                Vector128<float> a = Vector128.Load(r0 + k), b = Vector128.Load(r1 + k), c = Vector128.Load(r2 + k), d = Vector128.Load(r3 + k);
                Transpose(ref a, ref b, ref c, ref d);
                var target = columns + k * width + r;
                a.Store(target);
                b.Store(target + width);
                c.Store(target + 2 * width);
                d.Store(target + 3 * width);
            }

            for (; k < size; k++) Vector128.Create(r0[k], r1[k], r2[k], r3[k]).Store(columns + k * width + r);
        }

        for (; r < count; r++)
        {
            for (nint k = 0; k < size; k++) columns[k * width + r] = rows[r * rowStride + k];
        }

        if (count == width) return;
        for (nint k = 0; k < size; k++) new Span<float>(columns + k * width + count, (int)width - count).Clear();
    }

    /// <summary>The inverse of <see cref="ToColumns"/>.</summary>
    /// <param name="columns">[size, width].</param>
    /// <param name="width">At least count.</param>
    /// <param name="rows">Receives count rows of size numbers.</param>
    /// <param name="rowStride">Distance between two rows.</param>
    /// <param name="count">Rows.</param>
    /// <param name="size">Numbers per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRows(float* columns, nint width, float* rows, nint rowStride, int count, int size)
    {
        nint k = 0;
        for (; k + 4 <= size; k += 4)
        {
            var source = columns + k * width;
            var r = 0;
            for (; r + 4 <= count; r += 4)
            {
                Vector128<float> a = Vector128.Load(source + r), b = Vector128.Load(source + width + r),
                    c = Vector128.Load(source + 2 * width + r), d = Vector128.Load(source + 3 * width + r);
                Transpose(ref a, ref b, ref c, ref d);
                var target = rows + r * rowStride + k;
                a.Store(target);
                b.Store(target + rowStride);
                c.Store(target + 2 * rowStride);
                d.Store(target + 3 * rowStride);
            }

            for (; r < count; r++)
            {
                for (nint j = 0; j < 4; j++) rows[r * rowStride + k + j] = source[j * width + r];
            }
        }

        for (; k < size; k++)
        {
            for (var r = 0; r < count; r++) rows[r * rowStride + k] = columns[k * width + r];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(float* dy, float* x, float* g, int output, int input, int outputs, int inputs, in Blocks blocks)
    {
        // Rows and columns past the last repeat it; what they sum is not stored.
        nint width = blocks.Width, lastOutput = outputs - 1 - output, lastInput = inputs - 1 - input;
        nint d1 = Math.Min(1, lastOutput) * width, d2 = Math.Min(2, lastOutput) * width, d3 = Math.Min(3, lastOutput) * width;
        nint x1 = Math.Min(1, lastInput) * width, x2 = Math.Min(2, lastInput) * width, x3 = Math.Min(3, lastInput) * width;
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default,
            s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        float* d = dy + output * width, xs = x + input * width;
        for (var block = 0; block < blocks.Count; block++, d += blocks.DyStride, xs += blocks.XStride)
        {
            for (nint c = 0; c < width; c += Lanes)
            {
                Vector512<float> v0 = Vector512.Load(xs + c), v1 = Vector512.Load(xs + x1 + c), v2 = Vector512.Load(xs + x2 + c), v3 = Vector512.Load(xs + x3 + c);
                var u = Vector512.Load(d + c);
                s00 = Vector512.FusedMultiplyAdd(u, v0, s00);
                s01 = Vector512.FusedMultiplyAdd(u, v1, s01);
                s02 = Vector512.FusedMultiplyAdd(u, v2, s02);
                s03 = Vector512.FusedMultiplyAdd(u, v3, s03);
                u = Vector512.Load(d + d1 + c);
                s10 = Vector512.FusedMultiplyAdd(u, v0, s10);
                s11 = Vector512.FusedMultiplyAdd(u, v1, s11);
                s12 = Vector512.FusedMultiplyAdd(u, v2, s12);
                s13 = Vector512.FusedMultiplyAdd(u, v3, s13);
                u = Vector512.Load(d + d2 + c);
                s20 = Vector512.FusedMultiplyAdd(u, v0, s20);
                s21 = Vector512.FusedMultiplyAdd(u, v1, s21);
                s22 = Vector512.FusedMultiplyAdd(u, v2, s22);
                s23 = Vector512.FusedMultiplyAdd(u, v3, s23);
                u = Vector512.Load(d + d3 + c);
                s30 = Vector512.FusedMultiplyAdd(u, v0, s30);
                s31 = Vector512.FusedMultiplyAdd(u, v1, s31);
                s32 = Vector512.FusedMultiplyAdd(u, v2, s32);
                s33 = Vector512.FusedMultiplyAdd(u, v3, s33);
            }
        }

        var target = g + output * (nint)inputs + input;
        var columns = (int)Math.Min(4, lastInput + 1);
        Add(target, columns, Totals(s00, s01, s02, s03));
        if (lastOutput >= 1) Add(target + inputs, columns, Totals(s10, s11, s12, s13));
        if (lastOutput >= 2) Add(target + 2 * (nint)inputs, columns, Totals(s20, s21, s22, s23));
        if (lastOutput >= 3) Add(target + 3 * (nint)inputs, columns, Totals(s30, s31, s32, s33));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2(float* dy, float* x, float* g, int output, int input, int outputs, int inputs, in Blocks blocks)
    {
        nint width = blocks.Width, lastOutput = outputs - 1 - output, lastInput = inputs - 1 - input;
        nint d1 = Math.Min(1, lastOutput) * width, x1 = Math.Min(1, lastInput) * width;
        Vector512<float> s00 = default, s01 = default, s10 = default, s11 = default;
        float* d = dy + output * width, xs = x + input * width;
        for (var block = 0; block < blocks.Count; block++, d += blocks.DyStride, xs += blocks.XStride)
        {
            for (nint c = 0; c < width; c += Lanes)
            {
                Vector512<float> u0 = Vector512.Load(d + c), u1 = Vector512.Load(d + d1 + c), v0 = Vector512.Load(xs + c), v1 = Vector512.Load(xs + x1 + c);
                s00 = Vector512.FusedMultiplyAdd(u0, v0, s00);
                s01 = Vector512.FusedMultiplyAdd(u0, v1, s01);
                s10 = Vector512.FusedMultiplyAdd(u1, v0, s10);
                s11 = Vector512.FusedMultiplyAdd(u1, v1, s11);
            }
        }

        var totals = Totals(s00, s01, s10, s11);
        var target = g + output * (nint)inputs + input;
        target[0] += totals[0];
        if (lastInput >= 1) target[1] += totals[1];
        if (lastOutput < 1) return;
        target[inputs] += totals[2];
        if (lastInput >= 1) target[inputs + 1] += totals[3];
    }

    private static void Add(float* target, int count, Vector128<float> values)
    {
        if (count == 4)
        {
            (Vector128.Load(target) + values).Store(target);
            return;
        }

        for (var i = 0; i < count; i++) target[i] += values[i];
    }

    /// <summary>The sums of the lanes of four vectors, halves first, then one after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Totals(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        Vector128<float> a4 = Quarter(a), b4 = Quarter(b), c4 = Quarter(c), d4 = Quarter(d);
        Transpose(ref a4, ref b4, ref c4, ref d4);
        return a4 + b4 + (c4 + d4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(Vector512<float> v)
    {
        var half = v.GetLower() + v.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector128<float> a, ref Vector128<float> b, ref Vector128<float> c, ref Vector128<float> d)
    {
        if (Sse.IsSupported)
        {
            Vector128<float> ab = Sse.UnpackLow(a, b), cd = Sse.UnpackLow(c, d), abHigh = Sse.UnpackHigh(a, b), cdHigh = Sse.UnpackHigh(c, d);
            a = Sse.MoveLowToHigh(ab, cd);
            b = Sse.MoveHighToLow(cd, ab);
            c = Sse.MoveLowToHigh(abHigh, cdHigh);
            d = Sse.MoveHighToLow(cdHigh, abHigh);
            return;
        }

        var (r0, r1, r2, r3) = (a, b, c, d);
        a = Vector128.Create(r0[0], r1[0], r2[0], r3[0]);
        b = Vector128.Create(r0[1], r1[1], r2[1], r3[1]);
        c = Vector128.Create(r0[2], r1[2], r2[2], r3[2]);
        d = Vector128.Create(r0[3], r1[3], r2[3], r3[3]);
    }
}

/// <summary>A batch cut into blocks of equal width, one after another.</summary>
/// <param name="Count">Blocks.</param>
/// <param name="Width">Rows of each, a multiple of <see cref="MatrixKernel.Strip"/>; rows that are none are zero in dy.</param>
/// <param name="DyStride">Distance between two blocks of dy.</param>
/// <param name="XStride">Distance between two blocks of x.</param>
public readonly record struct Blocks(int Count, int Width, nint DyStride, nint XStride);
