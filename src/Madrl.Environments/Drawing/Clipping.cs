namespace Madrl.Environments.Drawing;

/// <summary>The part of a line that is in sight.</summary>
internal static class Clipping
{
    /// <summary>The line within the view of a picture; null where it lies outside.</summary>
    /// <remarks>Liang and Barsky, "A New Concept and Method for Line Clipping" (ACM Transactions on Graphics 3, 1984).</remarks>
    public static Mark? Clip(Mark line, Picture view)
    {
        var (dx, dy) = (line.ToX - line.X, line.ToY - line.Y);
        var (first, last) = (0.0, 1.0);
        var isSeen = Cut(-dx, line.X - view.Left) && Cut(dx, view.Left + view.Width - line.X)
            && Cut(-dy, line.Y - view.Bottom) && Cut(dy, view.Bottom + view.Height - line.Y);
        if (!isSeen) return null;
        return line with { X = line.X + first * dx, Y = line.Y + first * dy, ToX = line.X + last * dx, ToY = line.Y + last * dy };

        // One border: the line leaves it at the parameter room / outward, or enters there if it comes from outside.
        bool Cut(double outward, double room)
        {
            if (outward == 0) return room >= 0;
            if (outward > 0) last = Math.Min(last, room / outward);
            else first = Math.Max(first, room / outward);
            return first <= last;
        }
    }
}
