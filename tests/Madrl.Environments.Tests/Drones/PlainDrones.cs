using Madrl.Environments.Tests.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Drones;

/// <summary>The options of the page by their names.</summary>
internal sealed record PlainOptions(
    int Drones, int Absent, double Join, double Leave, int Endurance, double Wind, int Obstacles,
    double CollisionRadius, bool IsDelivery, bool IsArrival,
    int Tasks, double TaskRate, int WatchSteps, double SensingRadius, int Sensed, int View, int Grid,
    double CoverageWeight, double TaskWeight, double CollisionWeight, double Cooperation);

internal sealed class PlainDrones(PlainOptions options) : PlainGame
{
    private readonly List<Drone> _fleet = [];
    private readonly List<(double X, double Y, double Radius)> _obstacles = [];
    private readonly Job?[] _slots = new Job?[options.Tasks];
    private readonly HashSet<(int Column, int Row)> _covered = [];
    private KeyedRandom _random;
    private double _windX;
    private double _windY;
    private double _coverageSum;
    private double _progressSum;
    private double _collisionSum;

    public override void Begin(KeyedRandom random)
    {
        _random = random;
        List<(int Column, int Row)> blocks = [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)];
        for (var i = 0; i < options.Obstacles; i++)
        {
            var drawn = i + _random.NextInt32(8 - i);
            (blocks[i], blocks[drawn]) = (blocks[drawn], blocks[i]);
            var radius = _random.NextDouble(0.08, 0.2);
            var free = 1.0 / 3 - radius - 2 * options.CollisionRadius;
            var x = (blocks[i].Column - 1) * (2.0 / 3) + _random.NextDouble(-free, free);
            var y = (blocks[i].Row - 1) * (2.0 / 3) + _random.NextDouble(-free, free);
            _obstacles.Add((x, y, radius));
        }

        for (var i = 0; i < options.Drones; i++)
        {
            _fleet.Add(new Drone());
            if (i < options.Drones - options.Absent) Join(_fleet[i]);
        }
    }

    public override double[] Step(double[][] actions)
    {
        Blow();
        foreach (var drone in _fleet) (drone.Coverage, drone.Progress, drone.Collisions) = (0, 0, 0);
        for (var i = 0; i < options.Drones; i++)
        {
            if (_fleet[i].IsPresent) Fly(_fleet[i], actions[i][0], actions[i][1]);
        }

        foreach (var drone in Present)
        {
            drone.Collisions += OthersOf(drone).Count(other =>
                !IsOnPad(drone) && !IsOnPad(other) && Apart(drone, other) < 2 * options.CollisionRadius);
        }

        foreach (var cell in Present.GroupBy(CellOf).Where(cell => _covered.Add(cell.Key)))
        {
            foreach (var drone in cell) drone.Coverage = 1.0 / (options.Grid * options.Grid) / cell.Count();
        }

        foreach (var drone in Present) Work(drone);
        _coverageSum += _fleet.Sum(drone => drone.Coverage);
        _progressSum += _fleet.Sum(drone => drone.Progress);
        _collisionSum += _fleet.Sum(drone => drone.Collisions);
        double[] own = [.. _fleet.Select(drone =>
            options.CoverageWeight * drone.Coverage + options.TaskWeight * drone.Progress - options.CollisionWeight * drone.Collisions)];
        foreach (var drone in _fleet) ComeOrGo(drone);
        Appear();
        Allocate();
        return [.. own.Select(reward => (1 - options.Cooperation) * reward + options.Cooperation * own.Average())];
    }

    public override double[] Observe(int agent)
    {
        var me = _fleet[agent];
        var others = OthersOf(me).Where(other => IsSensed(Apart(me, other))).OrderBy(other => Apart(me, other)).Select(other => new[]
        {
            1, other.Job == null ? 1 : 0, (other.X - me.X) / options.SensingRadius, (other.Y - me.Y) / options.SensingRadius,
            (other.VelocityX - me.VelocityX) / 0.1, (other.VelocityY - me.VelocityY) / 0.1,
        });
        var obstacles = _obstacles.Select(disc => (disc, Way: Apart(me, disc.X, disc.Y)))
            .Where(pair => IsSensed(pair.Way - pair.disc.Radius)).OrderBy(pair => pair.Way - pair.disc.Radius).Select(pair => new[]
            {
                1, (pair.disc.X - me.X) / pair.Way * (pair.Way - pair.disc.Radius) / options.SensingRadius,
                (pair.disc.Y - me.Y) / pair.Way * (pair.Way - pair.disc.Radius) / options.SensingRadius,
            });
        var open = _slots.OfType<Job>().Where(job => IsOpen(job) && IsSensed(Apart(me, job.X, job.Y)));
        var jobs = open.OrderBy(job => Apart(me, job.X, job.Y)).Select(job => new[]
        {
            1, job.Progress, (job.X - me.X) / options.SensingRadius, (job.Y - me.Y) / options.SensingRadius,
        });
        double[] own =
        [
            1, me.Battery, me.X, me.Y, me.VelocityX / 0.05, me.VelocityY / 0.05, _windX, _windY,
            .. me.Job == null ? new double[4] : [1, me.Job.Progress, (me.Job.AimX - me.X) / 2, (me.Job.AimY - me.Y) / 2],
        ];
        double[] seen = [.. own, .. Rows(others, 6), .. Rows(obstacles, 3), .. Rows(jobs, 4), .. Window(me)];
        return me.IsPresent ? seen : new double[seen.Length];
    }

    public override double[] State() =>
    [
        _windX, _windY,
        .. _fleet.SelectMany(drone => !drone.IsPresent ? new double[10] :
        [
            1, drone.Battery, drone.X, drone.Y, drone.VelocityX / 0.05, drone.VelocityY / 0.05,
            .. drone.Job == null ? new double[4] : [1, drone.Job.Progress, drone.Job.AimX, drone.Job.AimY],
        ]),
        .. _obstacles.SelectMany(disc => new[] { disc.X, disc.Y, disc.Radius }),
        .. _slots.SelectMany(job => job == null ? new double[7] : [1, IsOpen(job) ? 1 : 0, job.Progress, job.X, job.Y, job.GoalX, job.GoalY]),
        .. from row in Enumerable.Range(0, options.Grid)
           from column in Enumerable.Range(0, options.Grid)
           select _covered.Contains((column, row)) ? 1.0 : 0,
    ];

    public override double[] Terms() => [_coverageSum, _progressSum, _collisionSum];

    private IEnumerable<Drone> Present => _fleet.Where(drone => drone.IsPresent);

    private IEnumerable<Drone> OthersOf(Drone drone) => Present.Where(other => other != drone);

    private static bool IsOnPad(Drone drone) => Apart(drone, 0, 0) <= 0.2;

    private static double Apart(Drone drone, Drone other) => Apart(drone, other.X, other.Y);

    private static double Apart(Drone drone, double x, double y) => Math.Sqrt((drone.X - x) * (drone.X - x) + (drone.Y - y) * (drone.Y - y));

    private bool IsSensed(double distance) => distance <= options.SensingRadius;

    private bool IsOpen(Job job) => Present.All(drone => drone.Job != job);

    private bool IsFree(double x, double y) => _obstacles.All(disc =>
        Math.Sqrt((disc.X - x) * (disc.X - x) + (disc.Y - y) * (disc.Y - y)) >= disc.Radius + options.CollisionRadius);

    private void Join(Drone drone)
    {
        (drone.X, drone.Y) = (_random.NextDouble(-0.14, 0.14), _random.NextDouble(-0.14, 0.14));
        (drone.IsPresent, drone.VelocityX, drone.VelocityY, drone.Battery) = (true, 0, 0, 1);
    }

    private void Blow()
    {
        if (_random.NextDouble() < 0.1)
            (_windX, _windY) = (_random.NextDouble(-options.Wind, options.Wind), _random.NextDouble(-options.Wind, options.Wind));
        else
            (_windX, _windY) = (0.9 * _windX, 0.9 * _windY);
    }

    private void Fly(Drone drone, double pushX, double pushY)
    {
        var push = Math.Max(1, Math.Sqrt(pushX * pushX + pushY * pushY));
        (pushX, pushY) = (pushX / push, pushY / push);
        var (velocityX, velocityY) = (drone.VelocityX + 0.02 * (pushX + _windX), drone.VelocityY + 0.02 * (pushY + _windY));
        var excess = Math.Max(1, Math.Sqrt(velocityX * velocityX + velocityY * velocityY) / 0.05);
        (velocityX, velocityY) = (velocityX / excess, velocityY / excess);
        var (x, y) = (drone.X + velocityX, drone.Y + velocityY);
        if (x is > 1 or < -1) (x, velocityX) = (Math.Sign(x), 0);
        if (y is > 1 or < -1) (y, velocityY) = (Math.Sign(y), 0);
        if (IsFree(x, y))
        {
            (drone.X, drone.Y, drone.VelocityX, drone.VelocityY) = (x, y, velocityX, velocityY);
        }
        else
        {
            (drone.VelocityX, drone.VelocityY) = (0, 0);
            drone.Collisions++;
        }

        drone.Battery = IsOnPad(drone)
            ? Math.Min(1, drone.Battery + 0.05)
            : Math.Max(0, drone.Battery - 0.5 * (1 + (pushX * pushX + pushY * pushY)) / options.Endurance);
    }

    private (int Column, int Row) CellOf(Drone drone) => (
        Math.Min(options.Grid - 1, (int)Math.Floor((drone.X + 1) / 2 * options.Grid)),
        Math.Min(options.Grid - 1, (int)Math.Floor((drone.Y + 1) / 2 * options.Grid)));

    private void Work(Drone drone)
    {
        if (drone.Job is not { } job || Apart(drone, job.AimX, job.AimY) > 0.1) return;
        var before = job.Progress;
        if (!options.IsDelivery) job.Watched++;
        else if (job.IsCarried) job.IsDelivered = true;
        else job.WasFetched = job.IsCarried = true;
        job.Progress = options.IsDelivery ? (job.WasFetched ? 0.5 : 0) + (job.IsDelivered ? 0.5 : 0) : (double)job.Watched / options.WatchSteps;
        drone.Progress = job.Progress - before;
        if (job.Progress < 1) return;
        drone.Job = null;
        _slots[Array.IndexOf(_slots, job)] = null;
    }

    private void ComeOrGo(Drone drone)
    {
        if (!drone.IsPresent)
        {
            if (_random.NextDouble() < options.Join) Join(drone);
            return;
        }

        if (drone.Battery > 0 && _random.NextDouble() >= options.Leave) return;
        drone.IsPresent = false;
        if (drone.Job is { IsCarried: true } job) (job.X, job.Y, job.IsCarried) = (drone.X, drone.Y, false);
        drone.Job = null;
    }

    private void Appear()
    {
        var slot = Array.IndexOf(_slots, null);
        if (slot < 0 || _random.NextDouble() >= options.TaskRate) return;
        var (x, y) = FreePlace();
        var (goalX, goalY) = options.IsDelivery ? FreePlace() : (x, y);
        _slots[slot] = new Job { X = x, Y = y, GoalX = goalX, GoalY = goalY };
    }

    private (double X, double Y) FreePlace()
    {
        var (x, y) = (_random.NextDouble(-1, 1), _random.NextDouble(-1, 1));
        return IsFree(x, y) ? (x, y) : FreePlace();
    }

    private void Allocate()
    {
        foreach (var job in _slots.OfType<Job>().Where(IsOpen))
        {
            var drone = Present.Where(drone => drone.Job == null).MinBy(drone => Apart(drone, job.X, job.Y));
            if (drone != null && (!options.IsArrival || Apart(drone, job.X, job.Y) <= 0.1)) drone.Job = job;
        }
    }

    private IEnumerable<double> Rows(IEnumerable<double[]> rows, int width) =>
        rows.Concat(Enumerable.Repeat(new double[width], options.Sensed)).Take(options.Sensed).SelectMany(row => row);

    private IEnumerable<double> Window(Drone drone)
    {
        var (column, row) = CellOf(drone);
        for (var y = row - options.View; y <= row + options.View; y++)
        {
            for (var x = column - options.View; x <= column + options.View; x++)
            {
                if (x < 0 || y < 0 || x >= options.Grid || y >= options.Grid) yield return -1;
                else yield return _covered.Contains((x, y)) ? 1 : 0;
            }
        }
    }

    private sealed class Drone
    {
        public bool IsPresent;
        public double X, Y, VelocityX, VelocityY, Battery;
        public double Coverage, Progress, Collisions;
        public Job? Job;
    }

    private sealed class Job
    {
        public double X, Y, GoalX, GoalY, Progress;
        public bool WasFetched, IsCarried, IsDelivered;
        public int Watched;

        public double AimX => IsCarried ? GoalX : X;

        public double AimY => IsCarried ? GoalY : Y;
    }
}
