using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Madrl.Environments.Games.Drones;

/// <summary>What the tasks ask for.</summary>
public enum TaskKind
{
    /// <summary>Fetch something at one place and bring it to another.</summary>
    Delivery,

    /// <summary>Stay near a place for some steps.</summary>
    Surveillance,
}

/// <summary>Whose an open task becomes.</summary>
public enum TaskAllocation
{
    /// <summary>The nearest free drone's, at once.</summary>
    Nearest,

    /// <summary>The free drone's that comes to it first.</summary>
    Arrival,
}

/// <summary>Options of drones.</summary>
public sealed record DronesOptions
{
    /// <summary>The default of <see cref="WatchSteps"/>.</summary>
    internal const int DefaultWatchSteps = 5;

    /// <summary>Drones of the fleet, those included that are absent.</summary>
    [Range(1, 64), Description("drones of the fleet, absent ones included")]
    public int Drones { get; init; } = 4;

    /// <summary>How many of the drones, the last ones, are absent when an episode begins.</summary>
    [Range(0, 63), Description("how many of the drones, the last ones, are absent when an episode begins; fewer than drones")]
    public int Absent { get; init; }

    /// <summary>Probability that an absent drone joins in a step.</summary>
    [Range(0.0, 1.0), Description("probability that an absent drone joins in a step")]
    public double Join { get; init; } = 0.02;

    /// <summary>Probability that a present drone drops out in a step.</summary>
    [Range(0.0, 1.0), Description("probability that a present drone drops out in a step, whatever its battery")]
    public double Leave { get; init; } = 0.002;

    /// <summary>Steps that a full battery lasts at full acceleration.</summary>
    [Range(1, 1_000_000), Description("steps that a full battery lasts at full acceleration; twice as many without")]
    public int Endurance { get; init; } = 100;

    /// <summary>Strength of gusts along each axis.</summary>
    [Range(0.0, 1.0), Description("strongest gust along each axis, as a share of a drone's full acceleration; 0 for no wind")]
    public double Wind { get; init; } = 0.5;

    /// <summary>Obstacles.</summary>
    [Range(0, 8), Description("round obstacles")]
    public int Obstacles { get; init; } = 4;

    /// <summary>Radius of a drone.</summary>
    [Range(0.005, 0.06), Description("radius of a drone; the map's side is 2")]
    public double CollisionRadius { get; init; } = 0.03;

    /// <summary>What the tasks ask for.</summary>
    [Description("what the tasks ask for")]
    public TaskKind Kind { get; init; }

    /// <summary>Whose an open task becomes.</summary>
    [Description("whose an open task becomes: the nearest free drone's at once, or the free drone's that arrives first")]
    public TaskAllocation Allocation { get; init; }

    /// <summary>Most tasks at a time.</summary>
    [Range(0, 64), Description("most tasks at a time")]
    public int Tasks { get; init; } = 4;

    /// <summary>Probability that a task appears in a step.</summary>
    [Range(0.0, 1.0), Description("probability that a task appears in a step in which there is room for one")]
    public double TaskRate { get; init; } = 0.1;

    /// <summary>Steps that a surveillance task takes near its place.</summary>
    [Range(1, 1_000), Description("steps near its place that a surveillance task takes")]
    public int WatchSteps { get; init; } = DefaultWatchSteps;

    /// <summary>How far a drone senses others, obstacles and open tasks.</summary>
    [Range(0.05, 3.0), Description("how far a drone senses others, obstacles and open tasks")]
    public double SensingRadius { get; init; } = 0.5;

    /// <summary>Most other drones, most obstacles and most open tasks in an observation.</summary>
    [Range(0, 16), Description("most other drones, most obstacles and most open tasks in an observation, the nearest ones")]
    public int Sensed { get; init; } = 3;

    /// <summary>Cells of the coverage map that a drone sees in each direction.</summary>
    [Range(0, 16), Description("cells of the coverage map that a drone sees in each direction beside its own")]
    public int View { get; init; } = 2;

    /// <summary>Cells of a side of the coverage map.</summary>
    [Range(1, 100), Description("cells of a side of the coverage map")]
    public int Grid { get; init; } = 10;

    /// <summary>Weight of the coverage term.</summary>
    [Range(0.0, 1_000.0), Description("reward for the whole area")]
    public double CoverageWeight { get; init; } = 10;

    /// <summary>Weight of the task term.</summary>
    [Range(0.0, 1_000.0), Description("reward for a task")]
    public double TaskWeight { get; init; } = 1;

    /// <summary>Weight of the collision term.</summary>
    [Range(0.0, 1_000.0), Description("cost of a collision, for each drone and step")]
    public double CollisionWeight { get; init; } = 0.2;

    /// <summary>Weight of the fleet's reward against the drone's own.</summary>
    [Range(0.0, 1.0), Description("weight of the fleet's mean reward against the own")]
    public double Cooperation { get; init; } = 1;

    /// <summary>Steps of an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode")]
    public int EpisodeLimit { get; init; } = 200;
}
