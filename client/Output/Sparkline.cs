namespace Madrl.Terminal.Output;

/// <summary>A row of numbers as a row of small bars.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Draws the values; of more than there is room for, every so many are averaged.</summary>
    /// <param name="values">The values, at least one.</param>
    /// <param name="low">Value of the lowest bar.</param>
    /// <param name="high">Value of the highest bar.</param>
    /// <param name="width">Most characters.</param>
    public static string Draw(IReadOnlyList<double> values, double low, double high, int width)
    {
        var columns = Math.Min(values.Count, width);
        return string.Concat(Enumerable.Range(0, columns).Select(column =>
        {
            var (first, end) = ((long)column * values.Count / columns, (long)(column + 1) * values.Count / columns);
            return Bar(values.Skip((int)first).Take((int)(end - first)).Average(), low, high);
        }));
    }

    private static char Bar(double value, double low, double high)
    {
        var part = high > low ? (value - low) / (high - low) : 0;
        return Bars[(int)Math.Clamp(part * Bars.Length, 0, Bars.Length - 1)];
    }
}
