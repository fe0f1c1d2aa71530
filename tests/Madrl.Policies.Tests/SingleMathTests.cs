using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Policies.Tests;

public class SingleMathTests
{
    private const double MinNormal = 1.1754943508222875e-38;

    // A prime, so that the samples meet all residues of the mantissa; about 860,000 of the 2^32 floats.
    private const uint SampleStride = 4999;

    [Fact]
    public void Exp_agrees_with_double_precision()
    {
        var worst = 0.0;
        foreach (var x in Samples())
        {
            var expected = Math.Exp(x);
            if (!float.IsFinite(x) || expected > float.MaxValue) continue;
            var actual = SingleMath.Exp(x);
            if (expected < MinNormal * (1 - 1e-6)) Assert.Equal(0, actual);
            else if (expected > MinNormal * (1 + 1e-6)) worst = Math.Max(worst, Math.Abs(actual / expected - 1));
        }

        Assert.InRange(worst, 1e-9, 2e-7);
    }

    [Fact]
    public void Log_agrees_with_double_precision()
    {
        var worst = 0.0;
        foreach (var x in Samples().Concat(NearOne()))
        {
            if (!(x >= MinNormal && float.IsFinite(x)) || x == 1) continue;
            worst = Math.Max(worst, Math.Abs(SingleMath.Log(x) / Math.Log(x) - 1));
        }

        Assert.InRange(worst, 1e-9, 2e-7);
    }

    [Fact]
    public void Tanh_agrees_with_double_precision()
    {
        double worst = 0, worstRelative = 0;
        foreach (var x in Samples().Concat(NearOne()))
        {
            if (float.IsNaN(x)) continue;
            var expected = Math.Tanh(x);
            var actual = SingleMath.Tanh(x);
            worst = Math.Max(worst, Math.Abs(actual - expected));
            if (Math.Abs(x) > MinNormal) worstRelative = Math.Max(worstRelative, Math.Abs(actual / expected - 1));
            Assert.InRange(actual, -1f, 1f);
            Assert.Equal(BitConverter.SingleToInt32Bits(-actual), BitConverter.SingleToInt32Bits(SingleMath.Tanh(-x)));
        }

        Assert.InRange(worst, 1e-9, 2e-7);
        Assert.InRange(worstRelative, 1e-9, 4e-7);
    }

    [Fact]
    public void Sine_and_cosine_agree_with_double_precision()
    {
        var worst = 0.0;
        for (var i = 0; i <= 1 << 16; i++)
        {
            var turns = i / (float)(1 << 16);
            var (sine, cosine) = SingleMath.SinCosTurns(turns);
            worst = Math.Max(worst, Math.Abs(sine - Math.Sin(turns * 2 * Math.PI)));
            worst = Math.Max(worst, Math.Abs(cosine - Math.Cos(turns * 2 * Math.PI)));
        }

        Assert.InRange(worst, 1e-9, 2e-7);
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(0f, 1f)]
    [InlineData(1e-45f, 1f)]
    [InlineData(88.72284f, float.PositiveInfinity)]
    [InlineData(1e30f, float.PositiveInfinity)]
    [InlineData(-87.4f, 0f)]
    [InlineData(-1e30f, 0f)]
    public void Exp_at_the_edges(float x, float expected) => AssertSame(expected, SingleMath.Exp(x));

    [Theory]
    [InlineData(0f, float.NegativeInfinity)]
    [InlineData(1e-39f, float.NegativeInfinity)]
    [InlineData(-1e-39f, float.NaN)]
    [InlineData(-1f, float.NaN)]
    [InlineData(float.NegativeInfinity, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(1f, 0f)]
    public void Log_at_the_edges(float x, float expected) => AssertSame(expected, SingleMath.Log(x));

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1e-42f, 1e-42f)]
    [InlineData(20f, 1f)]
    [InlineData(-20f, -1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NegativeInfinity, -1f)]
    [InlineData(float.NaN, float.NaN)]
    public void Tanh_at_the_edges(float x, float expected) => AssertSame(expected, SingleMath.Tanh(x));

    [Fact]
    public void Negative_zero_keeps_its_sign_where_it_has_a_meaning()
    {
        AssertSame(1, SingleMath.Exp(-0f));
        AssertSame(float.NegativeInfinity, SingleMath.Log(-0f));
        AssertSame(-0f, SingleMath.Tanh(-0f));
    }

    [Fact]
    public void Every_lane_gives_the_bits_of_the_scalar_form()
    {
        foreach (var lanes in Samples().Chunk(Vector512<float>.Count).Where(chunk => chunk.Length == Vector512<float>.Count))
        {
            var x = Vector512.Create(lanes);
            AssertLanes(lanes, SingleMath.Exp(x), SingleMath.Exp);
            AssertLanes(lanes, SingleMath.Log(x), SingleMath.Log);
            AssertLanes(lanes, SingleMath.Tanh(x), SingleMath.Tanh);
        }
    }

    private static void AssertLanes(float[] inputs, Vector512<float> lanes, Func<float, float> scalar)
    {
        for (var lane = 0; lane < inputs.Length; lane++) AssertSame(scalar(inputs[lane]), lanes[lane]);
    }

    private static void AssertSame(float expected, float actual)
    {
        if (BitConverter.SingleToInt32Bits(expected) != BitConverter.SingleToInt32Bits(actual))
            Assert.Fail($"{expected:R} expected, got {actual:R}.");
    }

    /// <summary>Floats of all signs and exponents, infinities and NaNs among them.</summary>
    private static IEnumerable<float> Samples()
    {
        for (ulong bits = 0; bits <= uint.MaxValue; bits += SampleStride)
            yield return BitConverter.UInt32BitsToSingle((uint)bits);
    }

    /// <summary>Every 16th float in [1/2, 2], where a logarithm cancels and a tanh bends.</summary>
    private static IEnumerable<float> NearOne()
    {
        var last = BitConverter.SingleToUInt32Bits(2f);
        for (var bits = BitConverter.SingleToUInt32Bits(0.5f); bits <= last; bits += 16)
            yield return BitConverter.UInt32BitsToSingle(bits);
    }
}
