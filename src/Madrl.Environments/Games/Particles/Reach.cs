namespace Madrl.Environments.Games.Particles;

/// <summary>
/// A distance to compare with, without roots: the rounded root of s is less than the distance exactly when s is less than
/// <see cref="Square"/>, because rounding keeps the order.
/// </summary>
internal readonly struct Reach
{
    /// <summary>A distance.</summary>
    /// <param name="distance">The distance, above 0.</param>
    public Reach(double distance)
    {
        var square = distance * distance;
        while (Math.Sqrt(square) >= distance) square = Math.BitDecrement(square);
        while (Math.Sqrt(square) < distance) square = Math.BitIncrement(square);
        Square = square;
    }

    /// <summary>The least number whose root is not less than the distance.</summary>
    public double Square { get; }
}
