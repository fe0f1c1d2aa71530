using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Madrl.Learning.Networks.Fused;

/// <summary>
/// What is done to flat parameters in one sweep over memory where libtorch's operations take one each. Vectors hold 16
/// numbers; the last few are done as a vector too, so that every number has the same bits wherever it lies.
/// </summary>
internal static unsafe class FlatKernel
{
    private const int Lanes = 16;

    /// <summary>One step of Adam: see <see cref="Adam"/>.</summary>
    /// <param name="parameters">Changed.</param>
    /// <param name="gradient">Shaped like the parameters.</param>
    /// <param name="first">First moments, changed.</param>
    /// <param name="second">Second moments, changed.</param>
    /// <param name="count">Numbers.</param>
    /// <param name="rates">The constants of the step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adam(float* parameters, float* gradient, float* first, float* second, nint count, in AdamRates rates)
    {
        nint i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            var (p, m, v) = AdamStep(Vector512.Load(parameters + i), Vector512.Load(gradient + i), Vector512.Load(first + i), Vector512.Load(second + i), rates);
            p.Store(parameters + i);
            m.Store(first + i);
            v.Store(second + i);
        }

        if (i == count) return;
        var (lastP, lastM, lastV) = AdamStep(
            Tail(parameters + i, count - i), Tail(gradient + i, count - i), Tail(first + i, count - i), Tail(second + i, count - i), rates);
        for (var lane = 0; lane < count - i; lane++)
        {
            parameters[i + lane] = lastP[lane];
            first[i + lane] = lastM[lane];
            second[i + lane] = lastV[lane];
        }
    }

    /// <summary>y = keep · y + rate · x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Follow(float* y, float* x, nint count, float keep, float rate)
    {
        var (keeps, rates) = (Vector512.Create(keep), Vector512.Create(rate));
        nint i = 0;
        for (; i + Lanes <= count; i += Lanes)
            Vector512.FusedMultiplyAdd(Vector512.Load(x + i), rates, Vector512.Load(y + i) * keeps).Store(y + i);
        for (; i < count; i++) y[i] = float.FusedMultiplyAdd(x[i], rate, y[i] * keep);
    }

    /// <summary>The 2-norm, of squares summed in float64 by number modulo 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Norm(float* x, nint count)
    {
        var (even, odd) = (Vector512<double>.Zero, Vector512<double>.Zero);
        nint i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            var (low, high) = Vector512.Widen(Vector512.Load(x + i));
            even = Vector512.FusedMultiplyAdd(low, low, even);
            odd = Vector512.FusedMultiplyAdd(high, high, odd);
        }

        var sums = even + odd;
        var sum = 0.0;
        for (var lane = 0; lane < Vector512<double>.Count; lane++) sum += sums[lane];
        for (; i < count; i++) sum += (double)x[i] * x[i];
        return Math.Sqrt(sum);
    }

    /// <summary>y = y + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* y, float* x, nint count)
    {
        nint i = 0;
        for (; i + Lanes <= count; i += Lanes) (Vector512.Load(y + i) + Vector512.Load(x + i)).Store(y + i);
        for (; i < count; i++) y[i] += x[i];
    }

    /// <summary>x = factor · x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* x, nint count, float factor)
    {
        nint i = 0;
        for (; i + Lanes <= count; i += Lanes) (Vector512.Load(x + i) * Vector512.Create(factor)).Store(x + i);
        for (; i < count; i++) x[i] *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Parameter, Vector512<float> First, Vector512<float> Second) AdamStep(
        Vector512<float> parameter, Vector512<float> gradient, Vector512<float> first, Vector512<float> second, in AdamRates rates)
    {
        var m = Vector512.FusedMultiplyAdd(gradient, Vector512.Create(rates.Rest1), first * Vector512.Create(rates.Beta1));
        var v = Vector512.FusedMultiplyAdd(gradient * gradient, Vector512.Create(rates.Rest2), second * Vector512.Create(rates.Beta2));
        var denominator = Vector512.FusedMultiplyAdd(Vector512.Sqrt(v), Vector512.Create(rates.RootCorrection), Vector512.Create(rates.Epsilon));
        return (parameter - Vector512.Create(rates.Step) * m / denominator, m, v);
    }

    /// <summary>Fewer numbers than a vector has, zeros after the last.</summary>
    internal static Vector512<float> Tail(float* x, nint count)
    {
        var values = stackalloc float[Lanes];
        for (nint i = 0; i < count; i++) values[i] = x[i];
        return Vector512.Load(values);
    }
}

/// <summary>The constants of a step of Adam.</summary>
/// <param name="Beta1">β₁.</param>
/// <param name="Rest1">1 - β₁, rounded once.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Rest2">1 - β₂, rounded once.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Step">α / (1 - β₁ᵗ).</param>
/// <param name="RootCorrection">1 / √(1 - β₂ᵗ).</param>
internal readonly record struct AdamRates(float Beta1, float Rest1, float Beta2, float Rest2, float Epsilon, float Step, float RootCorrection);
