using Madrl.Environments.Games.Warehouse;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>A warehouse whose state is set, and whose requests after deliveries are laid down beforehand.</summary>
internal sealed class RecordedWarehouse(int copies, WarehouseOptions options) : WarehouseGame(copies, "robotic-warehouse", options)
{
    private readonly Queue<int>[] _requests = [.. Enumerable.Range(0, copies).Select(_ => new Queue<int>())];
    private readonly double[] _rewards = new double[copies * options.Agents];
    private readonly bool[] _terminated = new bool[copies];

    /// <summary>The shelves that are requested next in a copy.</summary>
    public Queue<int> NextRequests(int copy) => _requests[copy];

    /// <summary>Puts everything where it is said to be.</summary>
    /// <param name="robots">Each (x, y, heading, shelf it carries or 0).</param>
    /// <param name="shelves">Each (x, y); where they stand at first if there are none.</param>
    public void Set(int copy, IEnumerable<int[]> robots, IEnumerable<int[]> shelves, IEnumerable<int> queue)
    {
        Reset(copy, new KeyedRandom(0, RandomPurpose.Reset, copy, 0, 0));
        Floors.Clear(copy);
        var floor = Floors[copy];
        foreach (var (index, shelf) in shelves.DefaultIfEmpty().Index())
        {
            if (shelf is not null) floor.PlaceShelf(index + 1, Layout.At(shelf[0], shelf[1]));
            else foreach (var (i, place) in Layout.Places.Index()) floor.PlaceShelf(i + 1, place);
        }

        foreach (var (index, robot) in robots.Index()) floor.PlaceRobot(index, Layout.At(robot[0], robot[1]), robot[2], robot[3]);
        foreach (var (place, shelf) in queue.Index()) floor.Request(place, shelf);
    }

    /// <summary>Steps a single copy; returns the rewards.</summary>
    public double[] Step(params int[] actions)
    {
        Step([.. actions.Select(action => new float[] { action })], _rewards, _terminated);
        return [.. _rewards];
    }

    protected override int NextRequest(int copy) => _requests[copy].Dequeue();
}
