using Madrl.Environments.Scalar;

namespace Madrl.Environments.Games.Drones;

/// <summary>The task <c>drones</c>.</summary>
[Game]
public sealed class DronesDefinition() : ScalarGameDefinition<DronesOptions>(
    "drones", "A fleet in shared airspace covers an area and serves tasks that appear, in wind and on batteries; drones come and go.",
    options => new DronesGame(options));
