namespace Madrl.Environments.Games.Drones;

/// <summary>
/// The scripted player. It flies home while there is charge for it, unless a battery is too small for flights there and back, and stays on
/// the pad until it is charged. Else it goes to its task, or to an open one that no free drone is nearer to, or to the nearest cell that is
/// not covered and that no free drone is nearer to; home if all is covered. It flies around obstacles, keeps away from other drones and
/// leans against the wind.
/// </summary>
internal sealed class Pilot(DronesOptions options, Airspace airspace, TaskBoard board, CoverageMap map)
{
    private const double Full = 0.95;
    private const double Clearance = 0.03;
    private const double Lookahead = 0.15;
    private const double Tiny = 1e-9;
    private const int WorthReturning = 25; // With a shorter endurance turning back in time earns less than dropping out and joining again.

    /// <summary>The action of a drone that is present.</summary>
    public PlanePoint Act(int index)
    {
        var drone = airspace.Drones[index];
        var velocity = (AroundObstacles(drone.Place, Aim(index)) + AwayFromOthers(index)).Shortened(Airspace.Speed);
        return ((velocity - drone.Velocity) * (1 / Airspace.Thrust) - airspace.Wind).Shortened(1);
    }

    private PlanePoint Aim(int index)
    {
        var drone = airspace.Drones[index];
        if (MustCharge(drone)) return default;
        if (board.SlotOf[index] >= 0) return board.Tasks[board.SlotOf[index]].Aim;
        var (aim, least) = (default(PlanePoint), double.PositiveInfinity);
        foreach (var task in board.Tasks)
        {
            if (task.IsOpen) Consider(task.Place);
        }

        if (least < double.PositiveInfinity) return aim;
        for (var cell = 0; cell < map.IsCovered.Length; cell++)
        {
            if (!map.IsCovered[cell]) Consider(map.Middle(cell));
        }

        return aim;

        void Consider(PlanePoint place)
        {
            var distance = (place - drone.Place).Squared;
            if (distance < least && airspace.IsFree(place) && IsMine(index, place, distance)) (aim, least) = (place, distance);
        }
    }

    private bool MustCharge(Drone drone)
    {
        if (Airspace.IsOnPad(drone.Place)) return drone.Battery < Full;
        return options.Endurance >= WorthReturning && drone.Battery * options.Endurance < Homewards(drone);
    }

    /// <summary>What the flight to the pad takes, in steps at full acceleration: one step more before it, turning round, and the way.</summary>
    private static double Homewards(Drone drone)
    {
        const double detour = 1.3, cruising = 0.6; // A step without acceleration takes 0.5; wind and others cost the rest.
        var distance = drone.Place.Length;
        var turning = (drone.Place * (-Airspace.Speed / distance) - drone.Velocity).Length / Airspace.Thrust;
        return 1 + turning + cruising * detour * (distance - Airspace.Pad) / Airspace.Speed;
    }

    private bool IsMine(int index, PlanePoint place, double distance)
    {
        for (var other = 0; other < airspace.Drones.Length; other++)
        {
            var drone = airspace.Drones[other];
            if (other == index || !drone.IsPresent || board.SlotOf[other] >= 0 || MustCharge(drone)) continue;
            if ((place - drone.Place).Squared < distance) return false;
        }

        return true;
    }

    /// <summary>The velocity towards an aim, along the edge of an obstacle that is in between.</summary>
    private PlanePoint AroundObstacles(PlanePoint place, PlanePoint aim)
    {
        const double braking = 0.35;
        aim = OutsideObstacles(aim);
        var way = aim - place;
        var velocity = (way * braking).Shortened(Airspace.Speed);
        foreach (var obstacle in airspace.Obstacles)
        {
            var (toCentre, keep) = (obstacle.Centre - place, Kept(obstacle));
            var distance = toCentre.Length;
            var along = (toCentre.X * way.X + toCentre.Y * way.Y) / Math.Max(way.Length, Tiny);
            var besideSquared = distance * distance - along * along;
            if (along > 0 && along < way.Length && besideSquared < keep * keep && distance - keep < Lookahead)
            {
                var isLeft = toCentre.X * way.Y - toCentre.Y * way.X > 0;
                velocity = new PlanePoint(-toCentre.Y, toCentre.X) * ((isLeft ? 1 : -1) * Airspace.Speed / distance);
            }

            if (distance < keep) velocity += toCentre * ((distance - keep) / distance);
        }

        return velocity;
    }

    private PlanePoint OutsideObstacles(PlanePoint aim)
    {
        foreach (var obstacle in airspace.Obstacles)
        {
            var away = aim - obstacle.Centre;
            if (away.Length < Kept(obstacle)) return obstacle.Centre + away * (Kept(obstacle) / Math.Max(away.Length, Tiny));
        }

        return aim;
    }

    private double Kept(Obstacle obstacle) => obstacle.Radius + options.CollisionRadius + Clearance;

    /// <summary>Away and to the right of others, so that two who meet pass each other.</summary>
    private PlanePoint AwayFromOthers(int index)
    {
        var place = airspace.Drones[index].Place;
        var (near, sum) = (2 * options.CollisionRadius + 0.15, default(PlanePoint));
        if (Airspace.IsOnPad(place)) return sum;
        for (var other = 0; other < airspace.Drones.Length; other++)
        {
            var drone = airspace.Drones[other];
            if (other == index || !drone.IsPresent || Airspace.IsOnPad(drone.Place)) continue;
            sum += Evasion.Of(place - drone.Place, near, 1.5 * Airspace.Speed);
        }

        return sum;
    }
}
