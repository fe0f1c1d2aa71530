namespace Madrl.Simulation.Cluster;

/// <summary>Where a role is placed: on the silo that a hash of both picks, so that most roles stay where they are when silos come and go.</summary>
internal static class Placement
{
    /// <summary>The silo for a role; null where there is none.</summary>
    public static Silo? Choose(RoleKey key, IReadOnlyCollection<Silo> silos) => silos.MaxBy(silo => Score(key, silo.Place));

    /// <summary>SplitMix64's mixing of role and place.</summary>
    private static ulong Score(RoleKey key, int place)
    {
        var value = ((ulong)key.Kind << 48 | (ulong)key.First << 32 | (ulong)key.Second << 16 | (uint)place) + 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
