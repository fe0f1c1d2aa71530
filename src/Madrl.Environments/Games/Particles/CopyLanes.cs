using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Madrl.Environments.Games.Particles;

/// <summary>Eight neighbouring copies of <see cref="CopyBlocks"/>: a row of them is a vector. Two rows in succession are often x and y.</summary>
/// <param name="first">Row 0 of the first of them, aligned to 64 bytes.</param>
/// <param name="width">From one row to the next.</param>
internal readonly unsafe struct CopyLanes(double* first, int width)
{
    /// <summary>How many copies.</summary>
    public const int Count = 8;

    /// <summary>A row.</summary>
    public Vector512<double> this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.LoadAligned(first + (nint)row * width);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => value.StoreAligned(first + (nint)row * width);
    }

    /// <summary>Squared distance of two points, each given by the row of its x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> SquaredDistance(int point, int other)
    {
        Vector512<double> x = this[point] - this[other], y = this[point + 1] - this[other + 1];
        return x * x + y * y;
    }

    /// <summary>Distance of two points, each given by the row of its x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Distance(int point, int other) => Vector512.Sqrt(SquaredDistance(point, other));

    /// <summary>
    /// Distance of a point from the nearest of others, each given by the row of its x. The root is monotone: that of the least
    /// square is the least distance, to the bit.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> LeastDistance(int point, ReadOnlySpan<int> others)
    {
        var least = SquaredDistance(point, others[0]);
        for (var i = 1; i < others.Length; i++) least = Vector512.Min(least, SquaredDistance(point, others[i]));
        return Vector512.Sqrt(least);
    }

    /// <summary>1 where two points are nearer to one another than a distance, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Within(Reach distance, int point, int other) =>
        Vector512.LessThan(SquaredDistance(point, other), Vector512.Create(distance.Square)) & Vector512<double>.One;
}

/// <summary>One copy of <see cref="CopyBlocks"/>.</summary>
/// <param name="first">Row 0 of it.</param>
/// <param name="width">From one row to the next.</param>
internal readonly unsafe struct CopyLane(double* first, int width)
{
    /// <summary>A number of the copy.</summary>
    public ref double this[int row] => ref first[(nint)row * width];

    /// <summary>Distance of two points, each given by the row of its x.</summary>
    public double Distance(int point, int other)
    {
        double x = this[point] - this[other], y = this[point + 1] - this[other + 1];
        return Math.Sqrt(x * x + y * y);
    }

    /// <summary>Which of other points is nearest to a point, each given by the row of its x: an index of <paramref name="others"/>.</summary>
    public int Nearest(int point, ReadOnlySpan<int> others)
    {
        var nearest = 0;
        for (var i = 1; i < others.Length; i++)
        {
            if (Distance(point, others[i]) < Distance(point, others[nearest])) nearest = i;
        }

        return nearest;
    }
}
