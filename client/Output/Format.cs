using System.Globalization;
using Madrl.Protocols.Runs;

namespace Madrl.Terminal.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Format
{
    /// <summary><c>1,234,567</c>.</summary>
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>-31.24</c>.</summary>
    public static string Return(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary><c>-31.24 ± 0.82</c>.</summary>
    public static string Return(ReturnEstimate estimate) => $"{Return(estimate.Mean)} ± {Return(estimate.Ci95)}";

    /// <summary><c>48 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Ceiling(Math.Min(seconds, TimeSpan.FromDays(9999).TotalSeconds)));
        return time switch
        {
            { TotalMinutes: < 1 } => $"{time.Seconds} s",
            { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds} s",
            { TotalDays: < 1 } => $"{time.Hours} h {time.Minutes} min",
            _ => $"{(int)time.TotalDays} d {time.Hours} h",
        };
    }
}
