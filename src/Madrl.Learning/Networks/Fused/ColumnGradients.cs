using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Policies;

namespace Madrl.Learning.Networks.Fused;

/// <summary>Derivatives, number by number, over a block of rows in columns; the counterparts of <see cref="ColumnForward"/>.</summary>
internal static unsafe class ColumnGradients
{
    private const int Lanes = 16;

    /// <summary>Sets a gradient to zero where the output of a rectifier is not above zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gate(float* gradient, float* output, nint count)
    {
        for (nint i = 0; i < count; i += Lanes)
            (Vector512.Load(gradient + i) & Vector512.GreaterThan(Vector512.Load(output + i), Vector512<float>.Zero)).Store(gradient + i);
    }

    /// <summary>Multiplies a gradient by the derivative 1 - y² of y = tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(float* gradient, float* output, nint count)
    {
        for (nint i = 0; i < count; i += Lanes) (Vector512.Load(gradient + i) * OneLessSquare(Vector512.Load(output + i))).Store(gradient + i);
    }

    /// <summary>
    /// From the gradient of the new states to those of what the gates were computed from: reset, update, candidate and its
    /// hidden part [4 H, W] (see <see cref="ColumnForward.Gates"/>).
    /// </summary>
    /// <param name="kept">What the layer kept: h, r, z, n and the hidden part of the candidate, each [H, W].</param>
    /// <param name="flow">The gradient of this step's output.</param>
    /// <param name="carried">The gradient of this step's state from the steps after it; receives the part of h's that passes z.</param>
    /// <param name="gates">Receives the four gradients.</param>
    /// <param name="count">H · W.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gru(float* kept, float* flow, float* carried, float* gates, nint count)
    {
        float* r = kept + count, z = r + count, n = z + count, hidden = n + count;
        var one = Vector512<float>.One;
        for (nint i = 0; i < count; i += Lanes)
        {
            var dy = Vector512.Load(flow + i) + Vector512.Load(carried + i);
            Vector512<float> ri = Vector512.Load(r + i), zi = Vector512.Load(z + i), ni = Vector512.Load(n + i);
            var dCandidate = dy * (one - zi) * OneLessSquare(ni);
            (dCandidate * Vector512.Load(hidden + i) * ri * (one - ri)).Store(gates + i);
            (dy * (Vector512.Load(kept + i) - ni) * zi * (one - zi)).Store(gates + count + i);
            dCandidate.Store(gates + 2 * count + i);
            (dCandidate * ri).Store(gates + 3 * count + i);
            (dy * zi).Store(carried + i);
        }
    }

    /// <summary>The gradients of a normalising layer: gathered are dy and dy · x̂ [2 size, W]; below receives that of x.</summary>
    /// <param name="weight">[size].</param>
    /// <param name="x">The layer's input [size, W].</param>
    /// <param name="flow">The gradient of its output.</param>
    /// <param name="gathered">Receives dy and dy · x̂.</param>
    /// <param name="below">Receives (g - mean g - x̂ mean(g x̂)) / √(variance + ε) for g = weight · dy; null where it is not wanted. May be flow.</param>
    /// <param name="size">Numbers per row.</param>
    /// <param name="width">W.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm(float* weight, float* x, float* flow, float* gathered, float* below, int size, nint width)
    {
        var count = Vector512.Create((float)size);
        for (nint column = 0; column < width; column += Lanes)
        {
            var (mean, scale) = ColumnForward.Moments(x + column, size, width);
            Vector512<float> sum = default, product = default;
            for (nint k = 0; k < size; k++)
            {
                var at = k * width + column;
                var (dy, normal) = (Vector512.Load(flow + at), (Vector512.Load(x + at) - mean) * scale);
                dy.Store(gathered + at);
                (dy * normal).Store(gathered + size * width + at);
                var g = dy * Vector512.Create(weight[k]);
                sum += g;
                product = Vector512.FusedMultiplyAdd(g, normal, product);
            }

            if (below == null) continue;
            (sum, product) = (sum / count, product / count);
            for (nint k = 0; k < size; k++)
            {
                var at = k * width + column;
                var normal = (Vector512.Load(x + at) - mean) * scale;
                ((Vector512.Load(gathered + at) * Vector512.Create(weight[k]) - sum - normal * product) * scale).Store(below + at);
            }
        }
    }

    private static Vector512<float> OneLessSquare(Vector512<float> y) => Vector512.FusedMultiplyAdd(-y, y, Vector512<float>.One);
}
