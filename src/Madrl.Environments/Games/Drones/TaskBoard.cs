using Madrl.Numerics;

namespace Madrl.Environments.Games.Drones;

/// <summary>A slot for a task.</summary>
/// <param name="Exists">Whether there is a task in it; else nothing else counts.</param>
/// <param name="Place">Where it is watched, or fetched.</param>
/// <param name="Goal">Where it is brought to.</param>
/// <param name="Drone">Whose it is; -1 while it is open.</param>
/// <param name="Stage">Stages that are done.</param>
/// <param name="IsCarried">Whether its drone has fetched it.</param>
internal record struct DroneTask(bool Exists, PlanePoint Place, PlanePoint Goal, int Drone, int Stage, bool IsCarried)
{
    /// <summary>Whether it is there and nobody's.</summary>
    public readonly bool IsOpen => Exists && Drone < 0;

    /// <summary>Where its drone has to go.</summary>
    public readonly PlanePoint Aim => IsCarried ? Goal : Place;
}

/// <summary>The tasks: how they appear, whose they become and how they proceed.</summary>
internal sealed class TaskBoard(DronesOptions options)
{
    /// <summary>How near a drone must come.</summary>
    public const double Reach = 0.1;

    private const int None = -1;

    private readonly int _stages = options.Kind == TaskKind.Delivery ? 2 : options.WatchSteps;
    private readonly double _allocationRadius = options.Allocation == TaskAllocation.Nearest ? double.PositiveInfinity : Reach;

    /// <summary>The tasks by their slots.</summary>
    public DroneTask[] Tasks { get; } = new DroneTask[options.Tasks];

    /// <summary>The slot of each drone's task; -1 for none.</summary>
    public int[] SlotOf { get; } = new int[options.Drones];

    /// <summary>How much of a task is done.</summary>
    public double Progress(DroneTask task) => (double)task.Stage / _stages;

    /// <summary>Removes all tasks.</summary>
    public void Clear()
    {
        Array.Clear(Tasks);
        Array.Fill(SlotOf, None);
    }

    /// <summary>Drones that are where their tasks are make progress.</summary>
    /// <param name="drones">The fleet.</param>
    /// <param name="progress">Receives for each drone by how much of a task.</param>
    public void Proceed(ReadOnlySpan<Drone> drones, Span<double> progress)
    {
        progress.Clear();
        foreach (ref var task in Tasks.AsSpan())
        {
            if (!task.Exists || task.Drone == None || (drones[task.Drone].Place - task.Aim).Squared > Reach * Reach) continue;
            var isNew = options.Kind == TaskKind.Surveillance || task.IsCarried || task.Stage == 0;
            if (isNew) progress[task.Drone] = 1.0 / _stages;
            task.Stage += isNew ? 1 : 0;
            task.IsCarried = options.Kind == TaskKind.Delivery;
            if (task.Stage < _stages) continue;
            SlotOf[task.Drone] = None;
            task = default;
        }
    }

    /// <summary>Opens the task of a drone that drops out; what it carries lies where it dropped out.</summary>
    public void Release(int drone, PlanePoint place)
    {
        if (SlotOf[drone] == None) return;
        ref var task = ref Tasks[SlotOf[drone]];
        if (task.IsCarried) task.Place = place;
        (task.Drone, task.IsCarried, SlotOf[drone]) = (None, false, None);
    }

    /// <summary>Lets a task appear in the first slot that is empty, if there is one and chance wants it.</summary>
    public void Appear(Airspace airspace, ref KeyedRandom random)
    {
        foreach (ref var task in Tasks.AsSpan())
        {
            if (task.Exists) continue;
            if (random.NextDouble() >= options.TaskRate) return;
            var place = airspace.FreePlace(ref random);
            task = new(true, place, options.Kind == TaskKind.Delivery ? airspace.FreePlace(ref random) : place, None, 0, false);
            return;
        }
    }

    /// <summary>Gives open tasks to free drones.</summary>
    public void Allocate(ReadOnlySpan<Drone> drones)
    {
        for (var slot = 0; slot < Tasks.Length; slot++)
        {
            ref var task = ref Tasks[slot];
            if (!task.IsOpen) continue;
            task.Drone = NearestFree(drones, task.Place);
            if (task.Drone != None) SlotOf[task.Drone] = slot;
        }
    }

    /// <summary>The nearest drone to a place that is present and has no task, within the allocation's radius; -1 for none.</summary>
    private int NearestFree(ReadOnlySpan<Drone> drones, PlanePoint place)
    {
        var (nearest, least) = (None, double.PositiveInfinity);
        for (var i = 0; i < drones.Length; i++)
        {
            if (!drones[i].IsPresent || SlotOf[i] != None) continue;
            var distance = (drones[i].Place - place).Squared;
            if (distance < least && distance <= _allocationRadius * _allocationRadius) (nearest, least) = (i, distance);
        }

        return nearest;
    }
}
