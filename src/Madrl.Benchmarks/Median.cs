namespace Madrl.Benchmarks;

/// <summary>What stands for the rounds of a measurement.</summary>
public static class Median
{
    /// <summary>The middle of the values; of an even number, the mean of the two in the middle.</summary>
    /// <param name="values">At least one.</param>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) throw new ArgumentException("Nothing was measured: a median needs a value.", nameof(values));
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
