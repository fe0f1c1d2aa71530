using Madrl.Numerics;

namespace Madrl.Environments.Games;

/// <summary>A place, or the way from one to another, on a plane.</summary>
internal readonly record struct PlanePoint(double X, double Y)
{
    /// <summary>Square of the length.</summary>
    public double Squared => X * X + Y * Y;

    /// <summary>Length.</summary>
    public double Length => Math.Sqrt(Squared);

    public static PlanePoint operator +(PlanePoint a, PlanePoint b) => new(a.X + b.X, a.Y + b.Y);

    public static PlanePoint operator -(PlanePoint a, PlanePoint b) => new(a.X - b.X, a.Y - b.Y);

    public static PlanePoint operator *(PlanePoint a, double factor) => new(a.X * factor, a.Y * factor);

    /// <summary>Draws a point of a square: each coordinate uniformly from [low, high), x before y.</summary>
    public static PlanePoint Uniform(ref KeyedRandom random, double low, double high) =>
        new(random.NextDouble(low, high), random.NextDouble(low, high));

    /// <summary>The same direction, shortened where it is longer than a limit.</summary>
    public PlanePoint Shortened(double limit)
    {
        var length = Length;
        return length > limit ? this * (limit / length) : this;
    }

    /// <summary>The nearest point whose coordinates are within limits.</summary>
    public PlanePoint Within(double low, double high) => new(Math.Clamp(X, low, high), Math.Clamp(Y, low, high));

    /// <summary>The nearest of places, of equally near ones the first.</summary>
    /// <param name="places">At least one.</param>
    public PlanePoint NearestOf(ReadOnlySpan<PlanePoint> places)
    {
        var nearest = places[0];
        foreach (var place in places)
        {
            if ((place - this).Squared < (nearest - this).Squared) nearest = place;
        }

        return nearest;
    }

    /// <summary>Writes the coordinates to the first two numbers of a row and gives the rest of it.</summary>
    public Span<float> Write(Span<float> row)
    {
        (row[0], row[1]) = ((float)X, (float)Y);
        return row[2..];
    }
}
