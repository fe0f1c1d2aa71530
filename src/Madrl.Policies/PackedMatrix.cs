using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>
/// A matrix for products with single rows: its outputs are padded to panels of 16, [k][16] each, so that a vector holds 16
/// outputs. Every output is one chain of fused multiply-adds from its start over k = 0, 1, …: the bits of <see cref="MatrixKernel"/>.
/// Padded outputs have zero weights: they keep their start.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    private const int Lanes = 16;

    /// <summary>Panels taken at once: enough chains in flight to hide the latency of the multiplier.</summary>
    private const int StripPanels = 4;

    private readonly int _inputs;
    private readonly int _panels;
    private readonly AlignedBuffer _weights;

    /// <param name="weights">W [outputs, columns], row-major.</param>
    /// <param name="outputs">Rows of W.</param>
    /// <param name="inputs">Columns of W that are used.</param>
    public PackedMatrix(ReadOnlySpan<float> weights, int outputs, int inputs)
    {
        var columns = weights.Length / outputs;
        _inputs = inputs;
        _panels = Padded(outputs) / Lanes;
        _weights = new AlignedBuffer(Padded(outputs) * inputs);
        for (var output = 0; output < outputs; output++)
        {
            var (panel, lane) = Math.DivRem(output, Lanes);
            for (var k = 0; k < inputs; k++) _weights.Pointer[(panel * inputs + k) * Lanes + lane] = weights[output * columns + k];
        }
    }

    /// <summary>A number of outputs rounded up to whole panels.</summary>
    public static int Padded(int outputs) => (outputs + Lanes - 1) / Lanes * Lanes;

    /// <summary>y = start + W x for one row; start may be y.</summary>
    /// <param name="x">[inputs].</param>
    /// <param name="start">[padded outputs].</param>
    /// <param name="y">[padded outputs].</param>
    public void Multiply(float* x, float* start, float* y)
    {
        nint stride = _inputs * Lanes;
        var weights = _weights.Pointer;
        var panel = 0;
        for (; panel + StripPanels <= _panels; panel += StripPanels, start += StripPanels * Lanes, y += StripPanels * Lanes)
            Strip(x, weights + panel * stride, stride, start, y);
        for (; panel < _panels; panel++, start += Lanes, y += Lanes) Panel(x, weights + panel * stride, start, y);
        GC.KeepAlive(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Strip(float* x, float* panel, nint stride, float* start, float* y)
    {
        float* panel1 = panel + stride, panel2 = panel1 + stride, panel3 = panel2 + stride;
        var y0 = Vector512.Load(start);
        var y1 = Vector512.Load(start + Lanes);
        var y2 = Vector512.Load(start + 2 * Lanes);
        var y3 = Vector512.Load(start + 3 * Lanes);
        for (nint k = 0; k < _inputs; k++)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Panel(float* x, float* panel, float* start, float* y)
    {
        var sum = Vector512.Load(start);
        for (nint k = 0; k < _inputs; k++, panel += Lanes)
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(x[k]), Vector512.Load(panel), sum);
        sum.Store(y);
    }
}
