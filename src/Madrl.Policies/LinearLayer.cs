using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>
/// A linear layer with its activation, y = activation(x Wᵀ + b), its weights transposed and padded to panels of 16
/// outputs. Padded outputs have zero weights and bias, so they are 0 and may be computed like the others.
/// </summary>
internal sealed unsafe class LinearLayer
{
    private readonly int _inputs;
    private readonly int _panels;
    private readonly Activation _activation;
    private readonly AlignedBuffer _bias;
    private readonly AlignedBuffer _weights;

    /// <param name="inputs">Length of x: the first columns of the weights; the columns after them are not used.</param>
    /// <param name="weights">W [outputs, columns], row-major.</param>
    /// <param name="bias">b [outputs].</param>
    /// <param name="activation">What follows.</param>
    public LinearLayer(int inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Activation activation)
    {
        var columns = weights.Length / bias.Length;
        _inputs = inputs;
        _panels = (bias.Length + LinearKernel.Lanes - 1) / LinearKernel.Lanes;
        _activation = activation;
        _bias = new AlignedBuffer(PaddedOutputs);
        _weights = new AlignedBuffer(PaddedOutputs * inputs);
        for (var output = 0; output < bias.Length; output++)
        {
            var (panel, lane) = Math.DivRem(output, LinearKernel.Lanes);
            _bias.Pointer[output] = bias[output];
            for (var k = 0; k < inputs; k++)
                _weights.Pointer[(panel * inputs + k) * LinearKernel.Lanes + lane] = weights[output * columns + k];
        }
    }

    /// <summary>Outputs rounded up to whole panels: the distance between two rows of y.</summary>
    public int PaddedOutputs => _panels * LinearKernel.Lanes;

    /// <summary>Computes y [rows, PaddedOutputs] from x [rows, inputs], whose rows lie xStride apart.</summary>
    public void Forward(float* x, nint xStride, int rows, float* y)
    {
        var tiled = rows - rows % LinearKernel.TileRows;
        ForwardTiles(x, xStride, tiled, y);
        for (var row = tiled; row < rows; row++) ForwardRow(x + row * xStride, y + (nint)row * PaddedOutputs);
        Activate(y, rows * PaddedOutputs);
        GC.KeepAlive(this);
    }

    /// <summary>Panel by panel, so that one panel stays in the first-level cache while all rows pass.</summary>
    private void ForwardTiles(float* x, nint xStride, int rows, float* y)
    {
        for (nint panel = 0; panel < _panels; panel++)
        {
            var weights = _weights.Pointer + panel * _inputs * LinearKernel.Lanes;
            var bias = _bias.Pointer + panel * LinearKernel.Lanes;
            var yPanel = y + panel * LinearKernel.Lanes;
            for (nint row = 0; row < rows; row += LinearKernel.TileRows)
            {
                var yTile = yPanel + row * PaddedOutputs;
                LinearKernel.Tile(x + row * xStride, xStride, weights, bias, _inputs, yTile, PaddedOutputs);
            }
        }
    }

    private void ForwardRow(float* x, float* y)
    {
        nint panelStride = _inputs * LinearKernel.Lanes;
        nint panel = 0;
        for (; panel + LinearKernel.StripPanels <= _panels; panel += LinearKernel.StripPanels)
        {
            var first = panel * LinearKernel.Lanes;
            LinearKernel.Strip(x, _weights.Pointer + panel * panelStride, panelStride, _bias.Pointer + first, _inputs, y + first);
        }

        for (; panel < _panels; panel++)
        {
            var first = panel * LinearKernel.Lanes;
            LinearKernel.Panel(x, _weights.Pointer + panel * panelStride, _bias.Pointer + first, _inputs, y + first);
        }
    }

    private void Activate(float* y, int count)
    {
        switch (_activation)
        {
            case Activation.Relu:
                for (nint i = 0; i < count; i += LinearKernel.Lanes)
                {
                    // Clearing what is below zero lets a NaN through, so that it is reported and not silently acted on.
                    var value = Vector512.Load(y + i);
                    Vector512.AndNot(value, Vector512.LessThan(value, Vector512<float>.Zero)).Store(y + i);
                }

                break;
            case Activation.Tanh:
                for (nint i = 0; i < count; i += LinearKernel.Lanes) SingleMath.Tanh(Vector512.Load(y + i)).Store(y + i);
                break;
        }
    }
}
