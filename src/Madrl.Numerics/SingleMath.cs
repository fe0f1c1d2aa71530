using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Madrl.Numerics;

/// <summary>
/// Transcendental functions of float32 from IEEE additions, multiplications, fused multiply-adds and divisions alone, so
/// that the same input gives the same bits on every processor, in every lane and in the scalar form (which is lane 0 of
/// the vector form). The platform's own functions differ between C libraries and between vector widths.
/// Every NaN gives the canonical NaN.
/// </summary>
/// <remarks>
/// The polynomials are Taylor series, cut where the next term falls below a tenth of a unit in the last place. The
/// multiply-adds are written as <c>FusedMultiplyAdd</c>, which is one rounding on every path: a hardware instruction, or
/// the C library's fmaf where there is none.
/// </remarks>
public static class SingleMath
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693147182f;
    private const float Ln2Low = -1.90465421e-9f; // ln 2 - Ln2High

    // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits of the sum.
    private const float RoundingShift = 12582912f;
    private const int RoundingShiftBits = 0x4B400000;
    private const int ExponentBias = 127;
    private const int MantissaBits = 23;
    private const float MinNormal = 1.17549435e-38f;

    /// <summary>e^x with a relative error below 2e-7; results below the smallest normal number are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // Beyond these bounds the result is 0 or infinite anyway. A NaN passes both comparisons.
        var low = Vector512.Create(-88f);
        var high = Vector512.Create(89f);
        var bounded = Vector512.ConditionalSelect(Vector512.LessThan(x, low), low, x);
        bounded = Vector512.ConditionalSelect(Vector512.GreaterThan(bounded, high), high, bounded);

        var shifted = Shifted(bounded);
        var exponent = shifted.AsInt32() - Vector512.Create(RoundingShiftBits);
        var power = ExpMinusOne(Remainder(bounded, shifted)) + Vector512<float>.One;

        // 2^128 and 2^-127 are no normal numbers, their halves are.
        var half = Vector512.ShiftRightArithmetic(exponent, 1);
        var result = power * PowerOfTwo(half) * PowerOfTwo(exponent - half);
        result = Vector512.AndNot(result, Vector512.LessThan(result, Vector512.Create(MinNormal)));
        return KeepNaN(x, result);
    }

    /// <summary>The natural logarithm with a relative error below 2e-7; -∞ at 0 and at denormals, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x)
    {
        // x = 2^exponent * mantissa with the mantissa in [sqrt(1/2), sqrt(2)).
        const int sqrtHalfBits = 0x3F3504F3;
        var offset = x.AsInt32() - Vector512.Create(sqrtHalfBits);
        var exponent = Vector512.ShiftRightArithmetic(offset, MantissaBits);
        var mantissa = (x.AsInt32() - Vector512.ShiftLeft(exponent, MantissaBits)).AsSingle();

        // log(1 + f) = f - (h - s (h + R)) with s = f / (2 + f), h = f²/2, R = 2/3 s² + 2/5 s⁴ + …: f itself is exact.
        var f = mantissa - Vector512<float>.One;
        var s = f / (f + Vector512.Create(2f));
        var z = s * s;
        var h = f * f * Vector512.Create(0.5f);
        var r = Vector512.FusedMultiplyAdd(z, Vector512.Create(2f / 9), Vector512.Create(2f / 7));
        r = Vector512.FusedMultiplyAdd(z, r, Vector512.Create(2f / 5));
        r = Vector512.FusedMultiplyAdd(z, r, Vector512.Create(2f / 3));
        r = Vector512.FusedMultiplyAdd(z, r, h);
        var n = Vector512.ConvertToSingle(exponent);
        var correction = Vector512.FusedMultiplyAdd(n, Vector512.Create(Ln2Low), s * r);
        var result = Vector512.FusedMultiplyAdd(n, Vector512.Create(Ln2High), f - (h - correction));

        var infinity = Vector512.Create(float.PositiveInfinity);
        result = Vector512.ConditionalSelect(Vector512.Equals(x, infinity), infinity, result);
        var tiny = Vector512.LessThan(x, Vector512.Create(MinNormal));
        result = Vector512.ConditionalSelect(tiny, Vector512.Create(float.NegativeInfinity), result);
        var negative = Vector512.LessThan(x, Vector512<float>.Zero);
        result = Vector512.ConditionalSelect(negative, Vector512.Create(float.NaN), result);
        return KeepNaN(x, result);
    }

    /// <summary>The hyperbolic tangent with a relative error below 4e-7 and an absolute one below 2e-7; odd to the bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        // tanh x = t / (t + 2) with t = e^(2x) - 1, which keeps the accuracy near 0. From 10 on the result rounds to 1.
        var limit = Vector512.Create(10f);
        var magnitude = Vector512.Abs(x);
        var bounded = Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, limit), limit, magnitude);
        var twice = bounded + bounded;

        var shifted = Shifted(twice);
        var scale = PowerOfTwo(shifted.AsInt32() - Vector512.Create(RoundingShiftBits));
        var t = Vector512.FusedMultiplyAdd(scale, ExpMinusOne(Remainder(twice, shifted)), scale - Vector512<float>.One);
        var sign = x & Vector512.Create(-0f);
        return KeepNaN(x, t / (t + Vector512.Create(2f)) | sign);
    }

    /// <summary>1 / (1 + e^-x), the logistic function, with a relative error below 4e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>e^x: the same bits as a lane of <see cref="Exp(Vector512{float})"/>.</summary>
    public static float Exp(float x) => Exp(Vector512.CreateScalar(x)).ToScalar();

    /// <summary>The natural logarithm: the same bits as a lane of <see cref="Log(Vector512{float})"/>.</summary>
    public static float Log(float x) => Log(Vector512.CreateScalar(x)).ToScalar();

    /// <summary>The hyperbolic tangent: the same bits as a lane of <see cref="Tanh(Vector512{float})"/>.</summary>
    public static float Tanh(float x) => Tanh(Vector512.CreateScalar(x)).ToScalar();

    /// <summary>Sine and cosine of an angle in full turns, with an absolute error below 2e-7.</summary>
    /// <param name="turns">The angle divided by 2π, in [0, 1].</param>
    public static (float Sine, float Cosine) SinCosTurns(float turns)
    {
        // The nearest quarter turn is taken off exactly; what is left lies within an eighth of a turn.
        var quarter = (int)(turns * 4 + 0.5f);
        var angle = (turns - quarter * 0.25f) * 6.28318531f;
        var z = angle * angle;

        var s = float.FusedMultiplyAdd(z, 1f / 362880, -1f / 5040);
        s = float.FusedMultiplyAdd(z, s, 1f / 120);
        s = float.FusedMultiplyAdd(z, s, -1f / 6);
        var sine = float.FusedMultiplyAdd(angle * z, s, angle);

        var c = float.FusedMultiplyAdd(z, -1f / 3628800, 1f / 40320);
        c = float.FusedMultiplyAdd(z, c, -1f / 720);
        c = float.FusedMultiplyAdd(z, c, 1f / 24);
        c = float.FusedMultiplyAdd(z, c, -0.5f);
        var cosine = float.FusedMultiplyAdd(z, c, 1f);

        return (quarter & 3) switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            2 => (-sine, -cosine),
            _ => (-cosine, sine),
        };
    }

    /// <summary>The integer nearest to x / ln 2, in the low bits of a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Shifted(Vector512<float> x) =>
        Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(RoundingShift));

    /// <summary>x less the nearest multiple of ln 2, in [-ln 2 / 2, ln 2 / 2].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Remainder(Vector512<float> x, Vector512<float> shifted)
    {
        var n = shifted - Vector512.Create(RoundingShift);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        return Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);
    }

    /// <summary>e^r - 1 on [-ln 2 / 2, ln 2 / 2].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpMinusOne(Vector512<float> r)
    {
        var q = Vector512.FusedMultiplyAdd(r, Vector512.Create(1f / 5040), Vector512.Create(1f / 720));
        q = Vector512.FusedMultiplyAdd(r, q, Vector512.Create(1f / 120));
        q = Vector512.FusedMultiplyAdd(r, q, Vector512.Create(1f / 24));
        q = Vector512.FusedMultiplyAdd(r, q, Vector512.Create(1f / 6));
        q = Vector512.FusedMultiplyAdd(r, q, Vector512.Create(0.5f));
        return Vector512.FusedMultiplyAdd(r * r, q, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> exponent) =>
        Vector512.ShiftLeft(exponent + Vector512.Create(ExponentBias), MantissaBits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> KeepNaN(Vector512<float> x, Vector512<float> result) =>
        Vector512.ConditionalSelect(Vector512.IsNaN(x), Vector512.Create(float.NaN), result);
}
