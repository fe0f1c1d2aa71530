using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Cluster;

/// <summary>Somebody who calls roles or uses storage: an activation, a silo, or somebody outside.</summary>
/// <param name="Turns">Where its code goes on.</param>
/// <param name="Silo">Its silo; null outside.</param>
internal sealed record Party(Turns Turns, Silo? Silo);
