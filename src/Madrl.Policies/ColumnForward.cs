using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>
/// The forward pass of layers over a block of rows that lie in columns (see <see cref="MatrixKernel"/>): what acts on batches,
/// and what learns on the CPU. A row's results do not depend on the other rows of its block.
/// </summary>
internal static unsafe class ColumnForward
{
    private const int Lanes = 16;
    private const float NormEpsilon = 1e-5f;

    /// <summary>Computes a layer; of a recurrent one the previous state must stand at the beginning of what it keeps.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="parameters">The flat weight vector of the whole network.</param>
    /// <param name="x">[inputs, width].</param>
    /// <param name="kept">[layer.Kept, width]: receives what the layer keeps.</param>
    /// <param name="width">A multiple of <see cref="MatrixKernel.Strip"/>.</param>
    /// <returns>The output, within <paramref name="kept"/>.</returns>
    public static float* Layer(ColumnLayer layer, float* parameters, float* x, float* kept, int width)
    {
        var y = kept + layer.OutputAt * width;
        var own = parameters + layer.Parameters;
        switch (layer.Kind)
        {
            case LayerKind.Gru:
                Gru(layer, own, x, kept, y, width);
                return y;
            case LayerKind.LayerNorm:
                LayerNorm(layer, own, x, y, width);
                break;
            default:
                var form = new ProductForm { Bias = own + layer.BiasAt, Rectifies = layer.Activation == Activation.Relu };
                MatrixKernel.Multiply(own, layer.WeightColumns, 1, x, y, layer.Outputs, layer.Inputs, width, form);
                break;
        }

        if (layer.Activation == Activation.Tanh) Tanh(y, layer.Outputs * width);
        else if (layer.Activation == Activation.Relu && layer.Kind == LayerKind.LayerNorm) Rectify(y, layer.Outputs * width);
        return y;
    }

    /// <summary>Sets what is below zero to zero, but lets a NaN through, so that it is reported and not silently acted on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rectify(float* y, nint count)
    {
        for (nint i = 0; i < count; i += Lanes)
        {
            var value = Vector512.Load(y + i);
            Vector512.AndNot(value, Vector512.LessThan(value, Vector512<float>.Zero)).Store(y + i);
        }
    }

    /// <summary>The hyperbolic tangent, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(float* y, nint count)
    {
        for (nint i = 0; i < count; i += Lanes) SingleMath.Tanh(Vector512.Load(y + i)).Store(y + i);
    }

    /// <summary>
    /// r = σ(W_ir x + b_ir + W_hr h + b_hr), z likewise, n = tanh(W_in x + b_in + r (W_hn h + b_hn)), y = n + z (h - n).
    /// Kept are h, then r, z, n and W_hn h + b_hn.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gru(ColumnLayer layer, float* own, float* x, float* h, float* y, int width)
    {
        var size = layer.Outputs;
        float* gates = h + size * width, hidden = gates + 3 * size * width;
        float* weightHidden = own + 3 * size * layer.WeightColumns, biasHidden = own + layer.BiasAt + 3 * size;
        MatrixKernel.Multiply(
            own, layer.WeightColumns, 1, x, gates, 3 * size, layer.Inputs, width, new ProductForm { Bias = own + layer.BiasAt });
        MatrixKernel.Multiply(weightHidden, size, 1, h, gates, 2 * size, size, width, new ProductForm { Adds = true });
        MatrixKernel.Multiply(
            weightHidden + 2 * size * size, size, 1, h, hidden, size, size, width, new ProductForm { Bias = biasHidden + 2 * size });
        for (var unit = 0; unit < size; unit++)
        {
            var (biasReset, biasUpdate) = (Vector512.Create(biasHidden[unit]), Vector512.Create(biasHidden[size + unit]));
            for (nint i = (nint)unit * width, end = i + width; i < end; i += Lanes)
            {
                float* reset = gates + i, update = reset + size * width, candidate = update + size * width;
                Gates(
                    Vector512.Load(reset) + biasReset, Vector512.Load(update) + biasUpdate, Vector512.Load(candidate),
                    Vector512.Load(hidden + i), Vector512.Load(h + i), out var r, out var z, out var n).Store(y + i);
                r.Store(reset);
                z.Store(update);
                n.Store(candidate);
            }
        }
    }

    /// <summary>The new state from what the products gave for the reset and update gates, the candidate's input and hidden part, and h.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gates(
        Vector512<float> reset, Vector512<float> update, Vector512<float> candidate, Vector512<float> hidden, Vector512<float> h,
        out Vector512<float> r, out Vector512<float> z, out Vector512<float> n)
    {
        r = SingleMath.Sigmoid(reset);
        z = SingleMath.Sigmoid(update);
        n = SingleMath.Tanh(Vector512.FusedMultiplyAdd(r, hidden, candidate));
        return Vector512.FusedMultiplyAdd(z, h - n, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LayerNorm(ColumnLayer layer, float* own, float* x, float* y, int width)
    {
        float* weight = own, bias = own + layer.BiasAt;
        for (var column = 0; column < width; column += Lanes)
        {
            var (mean, scale) = Moments(x + column, layer.Inputs, width);
            for (nint k = 0; k < layer.Outputs; k++)
            {
                var normal = (Vector512.Load(x + k * width + column) - mean) * scale;
                Vector512.FusedMultiplyAdd(normal, Vector512.Create(weight[k]), Vector512.Create(bias[k])).Store(y + k * width + column);
            }
        }
    }

    /// <summary>Mean and 1 / √(variance + ε) of 16 rows over their numbers, summed one after another.</summary>
    public static (Vector512<float> Mean, Vector512<float> Scale) Moments(float* x, int size, nint stride)
    {
        var (mean, variance) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (nint k = 0; k < size; k++) mean += Vector512.Load(x + k * stride);
        mean /= Vector512.Create((float)size);
        for (nint k = 0; k < size; k++)
        {
            var centred = Vector512.Load(x + k * stride) - mean;
            variance = Vector512.FusedMultiplyAdd(centred, centred, variance);
        }

        variance = variance / Vector512.Create((float)size) + Vector512.Create(NormEpsilon);
        return (mean, Vector512<float>.One / Vector512.Sqrt(variance));
    }
}
