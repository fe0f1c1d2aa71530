using FsCheck;
using FsCheck.Fluent;

namespace Madrl.Numerics.Tests;

public class DoubleMathTests
{
    private const double Tolerance = 1e-15;

    private static readonly Gen<double> _unit = Gen.Choose(0, int.MaxValue).Select(i => i / (double)int.MaxValue);

    [Fact]
    public void Exp_agrees_with_the_platform() =>
        Prop.ForAll(Between(-708, 709), x => AssertClose(Math.Exp(x), DoubleMath.Exp(x))).QuickCheckThrowOnFailure();

    [Fact]
    public void Exp_near_zero_agrees_with_the_platform() =>
        Prop.ForAll(Between(-1, 1), x => AssertClose(Math.Exp(x), DoubleMath.Exp(x))).QuickCheckThrowOnFailure();

    [Fact]
    public void Exp_of_small_numbers_reaches_the_subnormals()
    {
        // Subnormals have fewer digits: one unit of the smallest is all that can be asked.
        for (var x = -745.1; x < -708; x += 0.37) Assert.Equal(Math.Exp(x), DoubleMath.Exp(x), double.Epsilon * 2);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-0.0, 1)]
    [InlineData(1, Math.E)]
    [InlineData(710, double.PositiveInfinity)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(-746, 0)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.NaN, double.NaN)]
    public void Exp_at_its_limits(double x, double expected) => Assert.Equal(expected, DoubleMath.Exp(x));

    [Fact]
    public void Log_agrees_with_the_platform_over_all_magnitudes() =>
        Prop.ForAll(Between(-740, 709), power =>
        {
            var x = Math.Exp(power);
            AssertClose(Math.Log(x), DoubleMath.Log(x));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Log_agrees_with_the_platform_around_1() =>
        Prop.ForAll(Between(0.5, 2), x => AssertClose(Math.Log(x), DoubleMath.Log(x))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(-1, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    public void Log_at_its_limits(double x, double expected) => Assert.Equal(expected, DoubleMath.Log(x));

    [Fact]
    public void Log1P_agrees_with_Kahans_formula() =>
        Prop.ForAll(Between(-0.999, 3), x =>
        {
            // The platform's LogP1 rounds 1 + x first; Kahan's quotient takes that error out again.
            var sum = 1 + x;
            AssertClose(sum == 1 ? x : Math.Log(sum) * (x / (sum - 1)), DoubleMath.Log1P(x), 2e-15);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1e-20)]
    [InlineData(-1e-20)]
    [InlineData(1e-300)]
    [InlineData(0)]
    public void Log1P_of_tiny_numbers_is_the_number(double x) => Assert.Equal(x, DoubleMath.Log1P(x));

    [Fact]
    public void Log1P_keeps_the_digits_of_small_numbers()
    {
        // The series of ln(1 + x); a logarithm of the rounded sum would be wrong in the eighth digit.
        foreach (var x in new[] { 1e-8, -1e-8, 3e-6 }) AssertClose(x - x * x / 2 + x * x * x / 3, DoubleMath.Log1P(x), 1e-14);
    }

    [Theory]
    [InlineData(0, 0.6931471805599453)]
    [InlineData(1000, 1000)]
    [InlineData(-1000, 0)]
    [InlineData(1, 1.3132616875182228)]
    [InlineData(-1, 0.31326168751822286)]
    public void LogOnePlusExp_does_not_overflow(double x, double expected) => AssertClose(expected, DoubleMath.LogOnePlusExp(x));

    private static Arbitrary<double> Between(double low, double high) =>
        _unit.Select(share => low + (high - low) * share).ToArbitrary();

    private static void AssertClose(double expected, double actual, double tolerance = Tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");
}
