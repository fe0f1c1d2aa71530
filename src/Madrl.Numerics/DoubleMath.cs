namespace Madrl.Numerics;

/// <summary>
/// Exponential and logarithm in double precision from basic IEEE operations only, so that every processor, operating
/// system and runtime version gives the same bits (System.Math calls the platform's C library, whose last digits vary).
/// The relative error is below 1e-15.
/// </summary>
public static class DoubleMath
{
    private const double Log2E = 1.4426950408889634;

    // ln 2 as the sum of two doubles: multiples of the first by small integers are exact, the second holds the rest.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    // Adding and subtracting 1.5 * 2^52 rounds a number of moderate size to the nearest integer.
    private const double RoundingShift = 6755399441055744.0;

    private const double LargestExponent = 709.782712893384;
    private const double SmallestExponent = -745.1332191019412;
    private const double SquareRootOfTwo = 1.4142135623730951;
    private const double SmallestNormal = 2.2250738585072014e-308;
    private const double TwoTo54 = 18014398509481984.0;
    private const int MantissaBits = 52;
    private const int ExponentBias = 1023;

    /// <summary>e to the power <paramref name="x"/>; infinity on overflow, 0 on underflow, NaN for NaN.</summary>
    public static double Exp(double x)
    {
        if (!(x <= LargestExponent)) return double.IsNaN(x) ? x : double.PositiveInfinity;
        if (x < SmallestExponent) return 0;

        var power = Math.FusedMultiplyAdd(x, Log2E, RoundingShift) - RoundingShift;
        var rest = Math.FusedMultiplyAdd(-power, Ln2High, x);
        rest = Math.FusedMultiplyAdd(-power, Ln2Low, rest);

        // Two factors, because 2^power alone leaves the range of normal numbers at both ends.
        var half = (int)power >> 1;
        return ExpNearZero(rest) * PowerOfTwo(half) * PowerOfTwo((int)power - half);
    }

    /// <summary>The natural logarithm of <paramref name="x"/>; -infinity for 0, NaN for negative numbers and NaN.</summary>
    public static double Log(double x)
    {
        if (!(x > 0)) return x == 0 ? double.NegativeInfinity : double.NaN;
        if (double.IsPositiveInfinity(x)) return x;

        var power = 0;
        if (x < SmallestNormal)
        {
            x *= TwoTo54;
            power = -54;
        }

        var bits = BitConverter.DoubleToInt64Bits(x);
        power += (int)(bits >> MantissaBits) - ExponentBias;
        var mantissa = BitConverter.Int64BitsToDouble((bits & (1L << MantissaBits) - 1) | (long)ExponentBias << MantissaBits);
        if (mantissa > SquareRootOfTwo)
        {
            mantissa *= 0.5;
            power++;
        }

        var logarithm = TwiceInverseTanh((mantissa - 1) / (mantissa + 1));
        return Math.FusedMultiplyAdd(power, Ln2High, Math.FusedMultiplyAdd(power, Ln2Low, logarithm));
    }

    /// <summary>The natural logarithm of 1 + <paramref name="x"/>, exact for small x too; NaN below -1.</summary>
    public static double Log1P(double x)
    {
        // Near zero 1 + x would lose x's last digits; elsewhere its rounding is harmless.
        return x > -0.25 && x < 0.375 ? TwiceInverseTanh(x / (2 + x)) : Log(1 + x);
    }

    /// <summary>The softplus ln(1 + e^<paramref name="x"/>), without overflow.</summary>
    public static double LogOnePlusExp(double x) => x > 0 ? x + Log1P(Exp(-x)) : Log1P(Exp(x));

    /// <summary>The Taylor series to degree 13; on |x| at most ln(2)/2 the rest is below 5e-18.</summary>
    private static double ExpNearZero(double x)
    {
        var sum = 1.0 / 6227020800;
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 479001600);
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 39916800);
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 3628800);
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 362880);
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 40320);
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 5040);
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 720);
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 120);
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 24);
        sum = Math.FusedMultiplyAdd(sum, x, 1.0 / 6);
        sum = Math.FusedMultiplyAdd(sum, x, 0.5);
        sum = Math.FusedMultiplyAdd(sum, x, 1);
        return Math.FusedMultiplyAdd(sum, x, 1);
    }

    /// <summary>2 artanh(s) = ln((1+s)/(1-s)) by its series; on |s| at most 0.172 the rest is below 1e-18 of the value.</summary>
    private static double TwiceInverseTanh(double s)
    {
        var square = s * s;
        var sum = 2.0 / 21;
        sum = Math.FusedMultiplyAdd(sum, square, 2.0 / 19);
        sum = Math.FusedMultiplyAdd(sum, square, 2.0 / 17);
        sum = Math.FusedMultiplyAdd(sum, square, 2.0 / 15);
        sum = Math.FusedMultiplyAdd(sum, square, 2.0 / 13);
        sum = Math.FusedMultiplyAdd(sum, square, 2.0 / 11);
        sum = Math.FusedMultiplyAdd(sum, square, 2.0 / 9);
        sum = Math.FusedMultiplyAdd(sum, square, 2.0 / 7);
        sum = Math.FusedMultiplyAdd(sum, square, 2.0 / 5);
        sum = Math.FusedMultiplyAdd(sum, square, 2.0 / 3);
        return Math.FusedMultiplyAdd(s * square, sum, 2 * s);
    }

    private static double PowerOfTwo(int power) =>
        BitConverter.Int64BitsToDouble((long)(power + ExponentBias) << MantissaBits);
}
