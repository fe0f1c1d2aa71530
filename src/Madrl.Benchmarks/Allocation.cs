namespace Madrl.Benchmarks;

/// <summary>Managed memory that a contender takes.</summary>
internal static class Allocation
{
    private const int Updates = 50;

    /// <summary>Managed bytes per update, of all threads; the contender has run before.</summary>
    public static double PerUpdate(Contender contender)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        contender.Run(Updates);
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Updates;
    }
}
