using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Madrl.Numerics;

/// <summary>
/// Products of small matrices with a batch in columns: number k of row r of a batch lies at [k · width + r], so that a vector
/// holds one number of 16 rows and nothing is padded but the batch. Weights are read where they lie, row-major or transposed.
/// Every element of a product is one chain of fused multiply-adds over k = 0, 1, … from its start, whatever the tile: the
/// bits depend neither on the batch a row stands in nor on the processor.
/// </summary>
/// <remarks>
/// With AVX-512 a tile is 8 outputs of 32 rows: 16 accumulators, ten loads for sixteen multiply-adds, which leaves the
/// multiplier the only limit. Without, a Vector512 is two Vector256 and a tile is 4 outputs of 16 rows: 8 of 16 registers.
/// The tiles are compiled at once with full optimisation: what the runtime's profile makes of them halves the AVX2 form.
/// </remarks>
public static unsafe class MatrixKernel
{
    /// <summary>Widths are multiples of this: the rows that a tile takes.</summary>
    public const int Strip = 2 * Lanes;

    private const int Lanes = 16;

    /// <summary>The smallest multiple of <see cref="Strip"/> that holds <paramref name="rows"/>.</summary>
    public static int PaddedWidth(int rows) => (rows + Strip - 1) / Strip * Strip;

    /// <summary>y = A x, from a start and with what follows.</summary>
    /// <param name="a">Element (o, k) lies at [o · aRow + k · aColumn].</param>
    /// <param name="aRow">Distance between two outputs in <paramref name="a"/>.</param>
    /// <param name="aColumn">Distance between two inputs in <paramref name="a"/>.</param>
    /// <param name="x">[inputs, width].</param>
    /// <param name="y">[outputs, width].</param>
    /// <param name="outputs">Rows of A.</param>
    /// <param name="inputs">Columns of A.</param>
    /// <param name="width">A multiple of <see cref="Strip"/>.</param>
    /// <param name="form">Start and end.</param>
    public static void Multiply(float* a, nint aRow, nint aColumn, float* x, float* y, int outputs, int inputs, int width, in ProductForm form)
    {
        for (var column = 0; column < width; column += Strip)
        {
            var output = 0;
            if (Vector512.IsHardwareAccelerated)
            {
                for (; output + 8 <= outputs; output += 8) Tile8(a + output * aRow, aRow, aColumn, x + column, y, output, column, inputs, width, form);
                for (; output + 4 <= outputs; output += 4) Tile4(a + output * aRow, aRow, aColumn, x + column, y, output, column, inputs, width, form);
            }
            else
            {
                for (; output + 4 <= outputs; output += 4)
                {
                    Tile4Narrow(a + output * aRow, aRow, aColumn, x + column, y, output, column, inputs, width, form);
                    Tile4Narrow(a + output * aRow, aRow, aColumn, x + column + Lanes, y, output, column + Lanes, inputs, width, form);
                }
            }

            for (; output < outputs; output++) Tile1(a + output * aRow, aColumn, x + column, y, output, column, inputs, width, form);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(
        float* a, nint aRow, nint aColumn, float* x, float* y, int output, int column, int inputs, nint width, in ProductForm form)
    {
        nint a2 = 2 * aRow, a3 = 3 * aRow, a4 = 4 * aRow, a5 = 5 * aRow, a6 = 6 * aRow, a7 = 7 * aRow;
        form.Start(y, output, column, width, out var y00, out var y01);
        form.Start(y, output + 1, column, width, out var y10, out var y11);
        form.Start(y, output + 2, column, width, out var y20, out var y21);
        form.Start(y, output + 3, column, width, out var y30, out var y31);
        form.Start(y, output + 4, column, width, out var y40, out var y41);
        form.Start(y, output + 5, column, width, out var y50, out var y51);
        form.Start(y, output + 6, column, width, out var y60, out var y61);
        form.Start(y, output + 7, column, width, out var y70, out var y71);
        for (; inputs > 0; inputs--, a += aColumn, x += width)
        {
            var x0 = Vector512.Load(x);
            var x1 = Vector512.Load(x + Lanes);
            var w = Vector512.Create(*a);
            y00 = Vector512.FusedMultiplyAdd(w, x0, y00);
            y01 = Vector512.FusedMultiplyAdd(w, x1, y01);
            w = Vector512.Create(a[aRow]);
            y10 = Vector512.FusedMultiplyAdd(w, x0, y10);
            y11 = Vector512.FusedMultiplyAdd(w, x1, y11);
            w = Vector512.Create(a[a2]);
            y20 = Vector512.FusedMultiplyAdd(w, x0, y20);
            y21 = Vector512.FusedMultiplyAdd(w, x1, y21);
            w = Vector512.Create(a[a3]);
            y30 = Vector512.FusedMultiplyAdd(w, x0, y30);
            y31 = Vector512.FusedMultiplyAdd(w, x1, y31);
            w = Vector512.Create(a[a4]);
            y40 = Vector512.FusedMultiplyAdd(w, x0, y40);
            y41 = Vector512.FusedMultiplyAdd(w, x1, y41);
            w = Vector512.Create(a[a5]);
            y50 = Vector512.FusedMultiplyAdd(w, x0, y50);
            y51 = Vector512.FusedMultiplyAdd(w, x1, y51);
            w = Vector512.Create(a[a6]);
            y60 = Vector512.FusedMultiplyAdd(w, x0, y60);
            y61 = Vector512.FusedMultiplyAdd(w, x1, y61);
            w = Vector512.Create(a[a7]);
            y70 = Vector512.FusedMultiplyAdd(w, x0, y70);
            y71 = Vector512.FusedMultiplyAdd(w, x1, y71);
        }

        form.End(y, output, column, width, y00, y01);
        form.End(y, output + 1, column, width, y10, y11);
        form.End(y, output + 2, column, width, y20, y21);
        form.End(y, output + 3, column, width, y30, y31);
        form.End(y, output + 4, column, width, y40, y41);
        form.End(y, output + 5, column, width, y50, y51);
        form.End(y, output + 6, column, width, y60, y61);
        form.End(y, output + 7, column, width, y70, y71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(
        float* a, nint aRow, nint aColumn, float* x, float* y, int output, int column, int inputs, nint width, in ProductForm form)
    {
        nint a2 = 2 * aRow, a3 = 3 * aRow;
        form.Start(y, output, column, width, out var y00, out var y01);
        form.Start(y, output + 1, column, width, out var y10, out var y11);
        form.Start(y, output + 2, column, width, out var y20, out var y21);
        form.Start(y, output + 3, column, width, out var y30, out var y31);
        for (; inputs > 0; inputs--, a += aColumn, x += width)
        {
            var x0 = Vector512.Load(x);
            var x1 = Vector512.Load(x + Lanes);
            var w = Vector512.Create(*a);
            y00 = Vector512.FusedMultiplyAdd(w, x0, y00);
            y01 = Vector512.FusedMultiplyAdd(w, x1, y01);
            w = Vector512.Create(a[aRow]);
            y10 = Vector512.FusedMultiplyAdd(w, x0, y10);
            y11 = Vector512.FusedMultiplyAdd(w, x1, y11);
            w = Vector512.Create(a[a2]);
            y20 = Vector512.FusedMultiplyAdd(w, x0, y20);
            y21 = Vector512.FusedMultiplyAdd(w, x1, y21);
            w = Vector512.Create(a[a3]);
            y30 = Vector512.FusedMultiplyAdd(w, x0, y30);
            y31 = Vector512.FusedMultiplyAdd(w, x1, y31);
        }

        form.End(y, output, column, width, y00, y01);
        form.End(y, output + 1, column, width, y10, y11);
        form.End(y, output + 2, column, width, y20, y21);
        form.End(y, output + 3, column, width, y30, y31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4Narrow(
        float* a, nint aRow, nint aColumn, float* x, float* y, int output, int column, int inputs, nint width, in ProductForm form)
    {
        nint a2 = 2 * aRow, a3 = 3 * aRow;
        var y0 = form.Start(y, output, column, width);
        var y1 = form.Start(y, output + 1, column, width);
        var y2 = form.Start(y, output + 2, column, width);
        var y3 = form.Start(y, output + 3, column, width);
        for (; inputs > 0; inputs--, a += aColumn, x += width)
        {
            var xk = Vector512.Load(x);
            y0 = Vector512.FusedMultiplyAdd(Vector512.Create(*a), xk, y0);
            y1 = Vector512.FusedMultiplyAdd(Vector512.Create(a[aRow]), xk, y1);
            y2 = Vector512.FusedMultiplyAdd(Vector512.Create(a[a2]), xk, y2);
            y3 = Vector512.FusedMultiplyAdd(Vector512.Create(a[a3]), xk, y3);
        }

        form.End(y, output, column, width, y0);
        form.End(y, output + 1, column, width, y1);
        form.End(y, output + 2, column, width, y2);
        form.End(y, output + 3, column, width, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(float* a, nint aColumn, float* x, float* y, int output, int column, int inputs, nint width, in ProductForm form)
    {
        form.Start(y, output, column, width, out var y0, out var y1);
        for (; inputs > 0; inputs--, a += aColumn, x += width)
        {
            var w = Vector512.Create(*a);
            y0 = Vector512.FusedMultiplyAdd(w, Vector512.Load(x), y0);
            y1 = Vector512.FusedMultiplyAdd(w, Vector512.Load(x + Lanes), y1);
        }

        form.End(y, output, column, width, y0, y1);
    }
}

/// <summary>What the elements of a product start from, and what is done to them at the end.</summary>
public readonly unsafe struct ProductForm
{
    /// <summary>The start of every output: one number [outputs]; null to start from zero.</summary>
    public float* Bias { get; init; }

    /// <summary>Start from what is in y, not from <see cref="Bias"/>.</summary>
    public bool Adds { get; init; }

    /// <summary>Sets what is below zero to zero at the end; a NaN stays, so that it is reported.</summary>
    public bool Rectifies { get; init; }

    /// <summary>[outputs, width]: elements end as zero where this is not above zero (the derivative of a rectifier); null for none.</summary>
    public float* Gate { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Start(float* y, int output, int column, nint width) =>
        Adds ? Vector512.Load(y + output * width + column)
        : Bias != null ? Vector512.Create(Bias[output])
        : Vector512<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Start(float* y, int output, int column, nint width, out Vector512<float> first, out Vector512<float> second)
    {
        first = Start(y, output, column, width);
        second = Start(y, output, column + Vector512<float>.Count, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void End(float* y, int output, int column, nint width, Vector512<float> value)
    {
        if (Rectifies) value = Vector512.AndNot(value, Vector512.LessThan(value, Vector512<float>.Zero));
        if (Gate != null) value &= Vector512.GreaterThan(Vector512.Load(Gate + output * width + column), Vector512<float>.Zero);
        value.Store(y + output * width + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void End(float* y, int output, int column, nint width, Vector512<float> first, Vector512<float> second)
    {
        End(y, output, column, width, first);
        End(y, output, column + Vector512<float>.Count, width, second);
    }
}
