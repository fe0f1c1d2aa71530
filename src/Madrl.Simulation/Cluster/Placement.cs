using Madrl.Protocols;

namespace Madrl.Simulation.Cluster;

/// <summary>Where a role is placed: as in a cluster, what acts in a shard comes together, and what learns.</summary>
internal static class Placement
{
    /// <summary>The silo for a role; null where there is none.</summary>
    public static Silo? Choose(RoleKey key, IReadOnlyCollection<Silo> silos)
    {
        if (silos.Count == 0) return null;
        var together = key.Kind switch
        {
            RoleKind.Run or RoleKind.Metrics => "run",
            RoleKind.Learner or RoleKind.Replay => "learner",
            _ => $"run/{key.First}",
        };
        var picked = Rendezvous.Pick(together, [.. silos.Select(NameOf)]);
        return silos.First(silo => NameOf(silo) == picked);
    }

    private static string NameOf(Silo silo) => $"silo{silo.Place}";
}
