using Madrl.Numerics;

namespace Madrl.Environments.Games.Drones;

/// <summary>A drone; of one that is absent nothing else counts.</summary>
internal record struct Drone(bool IsPresent, PlanePoint Place, PlanePoint Velocity, double Battery);

/// <summary>A disc that no drone enters.</summary>
internal readonly record struct Obstacle(PlanePoint Centre, double Radius);

/// <summary>The drones, how they fly, and what is in their way: wind and obstacles on the map [-1, 1]² with the pad in its middle.</summary>
internal sealed class Airspace(DronesOptions options)
{
    /// <summary>Half of the map's side.</summary>
    public const double Edge = 1;

    /// <summary>Radius of the pad.</summary>
    public const double Pad = 0.2;

    /// <summary>Greatest speed per step.</summary>
    public const double Speed = 0.05;

    /// <summary>Change of the velocity in a step at full acceleration.</summary>
    public const double Thrust = 0.02;

    private const double Charge = 0.05;
    private const double LandingSquare = 0.14; // Half the side of a square that lies on the pad.
    private const double GustRate = 0.1;
    private const double Calming = 0.9;
    private const double Block = 2.0 / 3; // Side of one of the nine blocks that obstacles are laid out in, at most one in each.
    private const int Blocks = 8; // Without the pad's.

    private readonly int[] _blocks = new int[Blocks];

    /// <summary>The fleet.</summary>
    public Drone[] Drones { get; } = new Drone[options.Drones];

    /// <summary>The obstacles.</summary>
    public Obstacle[] Obstacles { get; } = new Obstacle[options.Obstacles];

    /// <summary>The wind everywhere, as a share of the full acceleration.</summary>
    public PlanePoint Wind { get; private set; }

    /// <summary>Whether a place lies on the pad.</summary>
    public static bool IsOnPad(PlanePoint place) => place.Squared <= Pad * Pad;

    /// <summary>Draws obstacles and those drones that are present from the beginning.</summary>
    public void Begin(ref KeyedRandom random)
    {
        Wind = default;
        for (var block = 0; block < Blocks; block++) _blocks[block] = block < Blocks / 2 ? block : block + 1;
        for (var i = 0; i < Obstacles.Length; i++)
        {
            var drawn = i + random.NextInt32(Blocks - i);
            (_blocks[i], _blocks[drawn]) = (_blocks[drawn], _blocks[i]);
            var radius = random.NextDouble(0.08, 0.2);
            // Two drones' widths remain between two obstacles, one beside the border.
            var room = Block / 2 - radius - 2 * options.CollisionRadius;
            var corner = new PlanePoint(_blocks[i] % 3 - 1, _blocks[i] / 3 - 1) * Block;
            Obstacles[i] = new(corner + PlanePoint.Uniform(ref random, -room, room), radius);
        }

        for (var i = 0; i < Drones.Length; i++) Drones[i] = i < Drones.Length - options.Absent ? Fresh(ref random) : default;
    }

    /// <summary>Lets the wind die down, or a gust strike.</summary>
    public void Blow(ref KeyedRandom random) => Wind = random.NextDouble() < GustRate
        ? PlanePoint.Uniform(ref random, -options.Wind, options.Wind)
        : Wind * Calming;

    /// <summary>Moves a drone and changes its battery.</summary>
    /// <returns>Whether an obstacle stopped it.</returns>
    public bool Fly(int index, PlanePoint action)
    {
        ref var drone = ref Drones[index];
        action = action.Shortened(1);
        var velocity = (drone.Velocity + (action + Wind) * Thrust).Shortened(Speed);
        (var place, velocity) = PlaneBorder.Stop(drone.Place + velocity, velocity, Edge);
        var isStopped = !IsFree(place);
        (drone.Place, drone.Velocity) = isStopped ? (drone.Place, default) : (place, velocity);
        drone.Battery = IsOnPad(drone.Place)
            ? Math.Min(1, drone.Battery + Charge)
            : Math.Max(0, drone.Battery - 0.5 * (1 + action.Squared) / options.Endurance);
        return isStopped;
    }

    /// <summary>How many others a drone touches; on the pad nobody does.</summary>
    public int Touched(int index)
    {
        var (place, reach, count) = (Drones[index].Place, 2 * options.CollisionRadius, 0);
        if (IsOnPad(place)) return 0;
        for (var other = 0; other < Drones.Length; other++)
        {
            if (other == index || !Drones[other].IsPresent || IsOnPad(Drones[other].Place)) continue;
            if ((Drones[other].Place - place).Squared < reach * reach) count++;
        }

        return count;
    }

    /// <summary>Lets a present drone drop out, or an absent one join.</summary>
    /// <returns>Whether it dropped out.</returns>
    public bool ComeOrGo(int index, ref KeyedRandom random)
    {
        ref var drone = ref Drones[index];
        if (!drone.IsPresent)
        {
            if (random.NextDouble() < options.Join) drone = Fresh(ref random);
            return false;
        }

        drone.IsPresent = drone.Battery > 0 && random.NextDouble() >= options.Leave;
        return !drone.IsPresent;
    }

    /// <summary>Whether a drone can be at a place for all obstacles.</summary>
    public bool IsFree(PlanePoint place)
    {
        foreach (var (centre, radius) in Obstacles)
        {
            var apart = radius + options.CollisionRadius;
            if ((place - centre).Squared < apart * apart) return false;
        }

        return true;
    }

    /// <summary>Draws a place where a drone can be.</summary>
    public PlanePoint FreePlace(ref KeyedRandom random)
    {
        while (true)
        {
            var place = PlanePoint.Uniform(ref random, -Edge, Edge);
            if (IsFree(place)) return place;
        }
    }

    private static Drone Fresh(ref KeyedRandom random) =>
        new(true, PlanePoint.Uniform(ref random, -LandingSquare, LandingSquare), default, 1);
}
