using Madrl.Environments.Games.Particles;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Particles;

/// <summary>Comparing squares is comparing roots, to the last bit.</summary>
public class ReachTests
{
    private const int Ulps = 64; // On either side of the square, where rounding matters.
    private const int Distances = 2000;

    [Fact]
    public void A_square_is_below_its_square_where_the_root_is_below_the_distance()
    {
        var random = new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 0);
        for (var i = 0; i < Distances; i++) AssertAgrees(Math.Pow(10, 12 * random.NextDouble() - 6));
    }

    [Theory]
    [InlineData(0.05 + 0.075)]
    [InlineData(0.045 + 0.3)]
    [InlineData(0.075 + 0.3)]
    [InlineData(1.0000000000000002)] // The least speeds above the greatest ones.
    [InlineData(1.3000000000000003)]
    [InlineData(1)]
    [InlineData(1e-150)]
    [InlineData(1e150)]
    public void So_it_is_for_distances_of_the_games_and_far_from_them(double distance) => AssertAgrees(distance);

    private static void AssertAgrees(double distance)
    {
        var reach = new Reach(distance);
        var square = BitConverter.DoubleToInt64Bits(distance * distance);
        for (var ulp = -Ulps; ulp <= Ulps; ulp++)
        {
            var near = BitConverter.Int64BitsToDouble(square + ulp);
            Assert.True(
                near < reach.Square == Math.Sqrt(near) < distance,
                $"distance {distance:R}, {near:R}: its root is {Math.Sqrt(near):R}, and the square to compare with {reach.Square:R}");
        }
    }
}
