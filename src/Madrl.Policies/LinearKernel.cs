using System.Runtime.Intrinsics;

namespace Madrl.Policies;

/// <summary>
/// The inner loops of a linear layer. Every output element is one chain of fused multiply-adds, from the bias over
/// k = 0, 1, …, whatever the tile: that is why a row gives the same bits alone and in any batch.
/// </summary>
/// <remarks>
/// Weights lie in panels of 16 outputs, [k][16] each, so that a tile reads them in one sweep.
/// Measured on an AVX2 machine (Zen 3), where the JIT emulates a Vector512 by two Vector256, in GFLOP/s of a 64x64 layer
/// beside a peak of 104: tile of 6 rows as Vector512 96, the same tile written out in Vector256 97, of 4 rows 95. Six
/// rows take 12 of the 16 registers, so nothing spills and a second form for AVX2 would gain nothing.
/// </remarks>
internal static unsafe class LinearKernel
{
    /// <summary>Outputs in a panel: the lanes of a Vector512.</summary>
    public const int Lanes = 16;

    /// <summary>Rows in the tile of a batch.</summary>
    public const int TileRows = 6;

    /// <summary>Panels that a single row takes at once: enough chains in flight to hide the latency of the adder.</summary>
    public const int StripPanels = 4;

    /// <summary>y[6, 16] = bias[16] + x[6, inputs] · panel[inputs, 16]; row r of x and y starts r strides further on.</summary>
    public static void Tile(float* x, nint xStride, float* panel, float* bias, int inputs, float* y, nint yStride)
    {
        float* x1 = x + xStride, x2 = x1 + xStride, x3 = x2 + xStride, x4 = x3 + xStride, x5 = x4 + xStride;
        var y0 = Vector512.Load(bias);
        Vector512<float> y1 = y0, y2 = y0, y3 = y0, y4 = y0, y5 = y0;
        for (nint k = 0; k < inputs; k++, panel += Lanes)
        {
            var w = Vector512.Load(panel);
            y0 = Vector512.FusedMultiplyAdd(Vector512.Create(x[k]), w, y0);
            y1 = Vector512.FusedMultiplyAdd(Vector512.Create(x1[k]), w, y1);
            y2 = Vector512.FusedMultiplyAdd(Vector512.Create(x2[k]), w, y2);
            y3 = Vector512.FusedMultiplyAdd(Vector512.Create(x3[k]), w, y3);
            y4 = Vector512.FusedMultiplyAdd(Vector512.Create(x4[k]), w, y4);
            y5 = Vector512.FusedMultiplyAdd(Vector512.Create(x5[k]), w, y5);
        }

        y0.Store(y);
        y1.Store(y + yStride);
        y2.Store(y + 2 * yStride);
        y3.Store(y + 3 * yStride);
        y4.Store(y + 4 * yStride);
        y5.Store(y + 5 * yStride);
    }

    /// <summary>y[64] = bias[64] + x[inputs] · four panels, <paramref name="panelStride"/> apart.</summary>
    public static void Strip(float* x, float* panel, nint panelStride, float* bias, int inputs, float* y)
    {
        float* panel1 = panel + panelStride, panel2 = panel1 + panelStride, panel3 = panel2 + panelStride;
        var y0 = Vector512.Load(bias);
        var y1 = Vector512.Load(bias + Lanes);
        var y2 = Vector512.Load(bias + 2 * Lanes);
        var y3 = Vector512.Load(bias + 3 * Lanes);
        for (nint k = 0; k < inputs; k++)
        {
            var xk = Vector512.Create(x[k]);
            y0 = Vector512.FusedMultiplyAdd(xk, Vector512.Load(panel + k * Lanes), y0);
            y1 = Vector512.FusedMultiplyAdd(xk, Vector512.Load(panel1 + k * Lanes), y1);
            y2 = Vector512.FusedMultiplyAdd(xk, Vector512.Load(panel2 + k * Lanes), y2);
            y3 = Vector512.FusedMultiplyAdd(xk, Vector512.Load(panel3 + k * Lanes), y3);
        }

        y0.Store(y);
        y1.Store(y + Lanes);
        y2.Store(y + 2 * Lanes);
        y3.Store(y + 3 * Lanes);
    }

    /// <summary>y[16] = bias[16] + x[inputs] · panel[inputs, 16].</summary>
    public static void Panel(float* x, float* panel, float* bias, int inputs, float* y)
    {
        var sum = Vector512.Load(bias);
        for (nint k = 0; k < inputs; k++, panel += Lanes)
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(x[k]), Vector512.Load(panel), sum);
        sum.Store(y);
    }
}
