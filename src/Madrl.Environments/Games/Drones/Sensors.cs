namespace Madrl.Environments.Games.Drones;

/// <summary>What drones observe, and the global state.</summary>
internal sealed class Sensors(DronesOptions options, Airspace airspace, TaskBoard board, CoverageMap map)
{
    private const int OwnSize = 12;
    private const int DroneSize = 6;
    private const int ObstacleSize = 3;
    private const int TaskSize = 4;

    /// <summary>Numbers of an observation.</summary>
    public static int ObservationSize(DronesOptions options) =>
        OwnSize + (DroneSize + ObstacleSize + TaskSize) * options.Sensed + (1 + 2 * options.View) * (1 + 2 * options.View);

    /// <summary>Numbers of the global state.</summary>
    public static int StateSize(DronesOptions options) =>
        2 + 10 * options.Drones + 3 * options.Obstacles + 7 * options.Tasks + options.Grid * options.Grid;

    /// <summary>Writes what a drone that is present observes.</summary>
    /// <param name="index">The drone.</param>
    /// <param name="observation">Zeros; receives the observation.</param>
    public void Observe(int index, Span<float> observation)
    {
        var drone = airspace.Drones[index];
        var rest = WriteOwn(index, drone, observation);
        WriteDrones(index, drone, rest);
        rest = rest[(DroneSize * options.Sensed)..];
        WriteObstacles(drone.Place, rest);
        rest = rest[(ObstacleSize * options.Sensed)..];
        WriteTasks(drone.Place, rest);
        WriteView(drone.Place, rest[(TaskSize * options.Sensed)..]);
    }

    /// <summary>Writes the global state.</summary>
    /// <param name="state">Zeros; receives the state.</param>
    public void WriteState(Span<float> state)
    {
        state = airspace.Wind.Write(state);
        for (var i = 0; i < airspace.Drones.Length; i++)
        {
            if (airspace.Drones[i].IsPresent) WriteDroneState(i, state);
            state = state[10..];
        }

        foreach (var (centre, radius) in airspace.Obstacles)
        {
            state = centre.Write(state);
            state[0] = (float)radius;
            state = state[1..];
        }

        foreach (var task in board.Tasks)
        {
            if (task.Exists)
            {
                (state[0], state[1], state[2]) = (1, task.IsOpen ? 1 : 0, (float)board.Progress(task));
                task.Goal.Write(task.Place.Write(state[3..]));
            }

            state = state[7..];
        }

        for (var cell = 0; cell < map.IsCovered.Length; cell++) state[cell] = map.IsCovered[cell] ? 1 : 0;
    }

    private void WriteDroneState(int index, Span<float> state)
    {
        var drone = airspace.Drones[index];
        (state[0], state[1]) = (1, (float)drone.Battery);
        var rest = (drone.Velocity * (1 / Airspace.Speed)).Write(drone.Place.Write(state[2..]));
        if (board.SlotOf[index] < 0) return;
        var task = board.Tasks[board.SlotOf[index]];
        (rest[0], rest[1]) = (1, (float)board.Progress(task));
        task.Aim.Write(rest[2..]);
    }

    private Span<float> WriteOwn(int index, Drone drone, Span<float> observation)
    {
        (observation[0], observation[1]) = (1, (float)drone.Battery);
        var rest = drone.Place.Write(observation[2..]);
        rest = (drone.Velocity * (1 / Airspace.Speed)).Write(rest);
        rest = airspace.Wind.Write(rest);
        if (board.SlotOf[index] >= 0)
        {
            var task = board.Tasks[board.SlotOf[index]];
            (rest[0], rest[1]) = (1, (float)board.Progress(task));
            ((task.Aim - drone.Place) * (0.5 / Airspace.Edge)).Write(rest[2..]);
        }

        return observation[OwnSize..];
    }

    private void WriteDrones(int index, Drone drone, Span<float> rows)
    {
        var nearest = new NearestFew(stackalloc int[options.Sensed], stackalloc double[options.Sensed]);
        for (var i = 0; i < airspace.Drones.Length; i++)
        {
            if (i != index && airspace.Drones[i].IsPresent) AddSensed(ref nearest, i, (airspace.Drones[i].Place - drone.Place).Length);
        }

        foreach (var i in nearest.Indices)
        {
            var other = airspace.Drones[i];
            (rows[0], rows[1]) = (1, board.SlotOf[i] < 0 ? 1 : 0);
            rows = ((other.Place - drone.Place) * (1 / options.SensingRadius)).Write(rows[2..]);
            rows = ((other.Velocity - drone.Velocity) * (0.5 / Airspace.Speed)).Write(rows);
        }
    }

    private void WriteObstacles(PlanePoint place, Span<float> rows)
    {
        var nearest = new NearestFew(stackalloc int[options.Sensed], stackalloc double[options.Sensed]);
        for (var i = 0; i < airspace.Obstacles.Length; i++) AddSensed(ref nearest, i, WayTo(airspace.Obstacles[i], place).Length);
        foreach (var i in nearest.Indices)
        {
            rows[0] = 1;
            rows = (WayTo(airspace.Obstacles[i], place) * (1 / options.SensingRadius)).Write(rows[1..]);
        }
    }

    private void WriteTasks(PlanePoint place, Span<float> rows)
    {
        var nearest = new NearestFew(stackalloc int[options.Sensed], stackalloc double[options.Sensed]);
        for (var i = 0; i < board.Tasks.Length; i++)
        {
            if (board.Tasks[i].IsOpen) AddSensed(ref nearest, i, (board.Tasks[i].Place - place).Length);
        }

        foreach (var i in nearest.Indices)
        {
            (rows[0], rows[1]) = (1, (float)board.Progress(board.Tasks[i]));
            rows = ((board.Tasks[i].Place - place) * (1 / options.SensingRadius)).Write(rows[2..]);
        }
    }

    private void WriteView(PlanePoint place, Span<float> cells)
    {
        var (x, y) = map.CellOf(place);
        var next = 0;
        for (var row = y - options.View; row <= y + options.View; row++)
        {
            for (var column = x - options.View; column <= x + options.View; column++)
            {
                var isInside = row >= 0 && row < map.Side && column >= 0 && column < map.Side;
                cells[next++] = !isInside ? -1 : map.IsCovered[row * map.Side + column] ? 1 : 0;
            }
        }
    }

    private void AddSensed(ref NearestFew nearest, int index, double distance)
    {
        if (distance <= options.SensingRadius) nearest.Add(index, distance);
    }

    /// <summary>The way to the nearest point of an obstacle, outside of which the place lies.</summary>
    private static PlanePoint WayTo(Obstacle obstacle, PlanePoint place)
    {
        var way = obstacle.Centre - place;
        return way * (1 - obstacle.Radius / way.Length);
    }
}
