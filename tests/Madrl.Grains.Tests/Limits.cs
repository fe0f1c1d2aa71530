namespace Madrl.Grains.Tests;

internal static class Limits
{
    /// <summary>After this a test hangs rather than works.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);
}
