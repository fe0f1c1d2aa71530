using Madrl.Protocols.Team;
using Madrl.Simulation.Links;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Cluster;

/// <summary>A simulated silo, from its start to its crash; what comes back in its place is another one.</summary>
internal sealed class Silo
{
    /// <summary>A silo that has just started.</summary>
    /// <param name="place">Its place in the cluster.</param>
    /// <param name="life">How often the place was taken before.</param>
    /// <param name="cluster">The cluster.</param>
    public Silo(int place, int life, SimulatedCluster cluster)
    {
        (Place, Life) = (place, life);
        Name = $"silo{place}.{life}";
        Party = new Party(new Turns(cluster.Scheduler, Name), this);
        Policies = new SiloPolicies(_ => new LearnerLink(cluster, Party));
    }

    /// <summary>Its place in the cluster.</summary>
    public int Place { get; }

    /// <summary>How often its place was taken before.</summary>
    public int Life { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The silo itself as a caller.</summary>
    public Party Party { get; }

    /// <summary>The policies that its agents and replicas act with.</summary>
    public SiloPolicies Policies { get; }

    /// <summary>Whether it has not crashed.</summary>
    public bool IsUp => Party.Turns.IsAlive;

    /// <summary>Whether the others know that it has crashed.</summary>
    public bool IsKnownDead { get; set; }

    /// <summary>What is active here.</summary>
    public List<Activation> Activations { get; } = [];
}
