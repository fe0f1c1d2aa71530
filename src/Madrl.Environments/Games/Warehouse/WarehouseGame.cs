using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Warehouse;

/// <summary>
/// The robotic warehouse of Papoudakis et al., Benchmarking multi-agent deep reinforcement learning algorithms in cooperative tasks
/// (NeurIPS 2021), by the rules of its program: robots carry requested shelves to the goals, where another shelf is requested instead.
/// Actions: 0 nothing, 1 ahead, 2 turn left, 3 turn right, 4 pick up or put down. A robot drives beneath shelves unless it carries one.
/// </summary>
internal unsafe class WarehouseGame : BatchedGame
{
    private readonly WarehouseReward _reward;
    private readonly Traffic _traffic;
    private readonly WarehouseSight _sight;
    private readonly WarehousePlayer _player;
    private readonly KeyedRandom[] _random;
    private readonly int[] _movers;

    /// <summary>Copies in some initial state.</summary>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public WarehouseGame(int copies, string rules, WarehouseOptions options)
        : base(Describe(rules, options), copies)
    {
        _reward = options.RewardType;
        Layout = options.Layout();
        Requests = options.Requests(Layout);
        Floors = new Floors(Layout, copies, options.Agents, Requests);
        _traffic = new Traffic(Layout, options.Agents);
        _sight = new WarehouseSight(Layout, options.SensorRange);
        _player = new WarehousePlayer(Layout, Floors, copies, options.Agents, Requests);
        _random = new KeyedRandom[copies];
        _movers = new int[options.Agents];
        for (var copy = 0; copy < copies; copy++)
        {
            // Robots off the grid would read and write outside a copy's memory, so that even a copy that nobody resets begins.
            var random = new KeyedRandom(0, RandomPurpose.Reset, 0, 0, 0);
            Begin(copy, ref random);
        }
    }

    /// <summary>What never changes.</summary>
    internal WarehouseLayout Layout { get; }

    /// <summary>The state, for tests that set and inspect it.</summary>
    internal Floors Floors { get; }

    /// <summary>Shelves that are requested at any time.</summary>
    internal int Requests { get; }

    private int Robots => _movers.Length;

    /// <summary>
    /// Shelves in their places; robots anywhere, also beneath a shelf, all cells and headings equally probable; so the requests.
    /// </summary>
    protected sealed override void Begin(int copy, ref KeyedRandom random)
    {
        _player.Forget();
        Floors.Clear(copy);
        var floor = Floors[copy];
        for (var i = 0; i < Layout.Places.Length; i++) floor.PlaceShelf(i + 1, Layout.Places[i]);
        for (var robot = 0; robot < Robots; robot++)
        {
            int cell;
            do cell = Layout.Inside[random.NextInt32(Layout.Inside.Length)];
            while ((floor[cell] & Cell.Robot) != 0);
            floor.PlaceRobot(robot, cell, random.NextInt32(Heading.Count), shelf: 0);
        }

        _random[copy] = random;
        for (var place = 0; place < Requests; place++) floor.Request(place, DrawRequest(copy, floor, requested: place));
    }

    /// <inheritdoc/>
    protected override void Advance(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated)
    {
        _player.Forget();
        rewards.Clear();
        terminated.Clear();
        int left = Layout.Goals[0], right = Layout.Goals[1];
        for (var copy = 0; copy < Copies; copy++)
        {
            var floor = Floors[copy];
            var movers = 0;
            for (var robot = 0; robot < actions.Length; robot++)
            {
                // Who turns, loads or does nothing stays: nobody gets its cell, whatever it carries by then. So the order is free.
                switch ((int)actions[robot][copy])
                {
                    case WarehouseAction.Ahead:
                        _movers[movers++] = robot;
                        break;
                    case WarehouseAction.TurnLeft:
                        floor.Turn(robot, Heading.LeftOf(floor.Robot(robot).Heading));
                        break;
                    case WarehouseAction.TurnRight:
                        floor.Turn(robot, Heading.RightOf(floor.Robot(robot).Heading));
                        break;
                    case WarehouseAction.Load:
                        Toggle(floor, robot, ref rewards[robot * Copies + copy]);
                        break;
                }
            }

            if (movers > 0) _traffic.Move(floor, _movers.AsSpan(0, movers));
            if (((floor[left] | floor[right]) & Cell.Requested) != 0) Deliver(copy, floor, rewards);
        }
    }

    /// <summary>The shelf that is requested after a delivery; tests put the recorded one here.</summary>
    protected virtual int NextRequest(int copy) => DrawRequest(copy, Floors[copy], Requests);

    /// <inheritdoc/>
    protected override void WriteObservations(int agent, Span<float> rows, int rowLength)
    {
        fixed (float* target = rows)
        {
            for (var copy = 0; copy < Copies; copy++)
            {
                var floor = Floors[copy];
                _sight.Write(floor, floor.Robot(agent), target + (nint)copy * rowLength);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Play(int agent, Span<float> actions) => _player.Play(agent, actions);

    /// <inheritdoc/>
    protected override Picture Paint(int copy) => WarehousePicture.Of(Layout, Floors[copy], Robots);

    private void Toggle(in Floor floor, int robot, ref double reward)
    {
        int cell = floor.Robot(robot).Cell;
        if (floor.Robot(robot).Shelf == 0)
        {
            if ((floor[cell] & Cell.Shelf) != 0) floor.PickUp(robot, Layout.Places.Length);
        }
        else if (!Layout.IsHighway(cell))
        {
            if (floor.Robot(robot).HasDelivered) reward += 0.5;
            floor.PutDown(robot);
        }
    }

    private void Deliver(int copy, in Floor floor, Span<double> rewards)
    {
        foreach (var goal in Layout.Goals)
        {
            if ((floor[goal] & Cell.Requested) == 0) continue;

            // A shelf on a highway is carried.
            var robot = 0;
            while (floor.Robot(robot).Cell != goal) robot++;
            floor.Replace(floor.Robot(robot).Shelf, NextRequest(copy));
            switch (_reward)
            {
                case WarehouseReward.Global:
                    for (var other = 0; other < Robots; other++) rewards[other * Copies + copy] += 1;
                    break;
                case WarehouseReward.Individual:
                    rewards[robot * Copies + copy] += 1;
                    break;
                default:
                    rewards[robot * Copies + copy] += 0.5;
                    floor.Robot(robot).HasDelivered = true;
                    break;
            }
        }
    }

    /// <summary>A shelf that is not requested, all equally probable.</summary>
    private int DrawRequest(int copy, in Floor floor, int requested)
    {
        var others = _random[copy].NextInt32(Layout.Places.Length - requested);
        for (var shelf = 1; ; shelf++)
        {
            if ((floor[floor.CellOf(shelf)] & Cell.Requested) == 0 && others-- == 0) return shelf;
        }
    }

    private static GameSpec Describe(string rules, WarehouseOptions options)
    {
        var size = WarehouseSight.Size(options.SensorRange);
        return new GameSpec(
            "rware", rules, AgentSpec.Alike(options.Agents, size, new ActionSpace.Discrete(WarehouseAction.Count)),
            options.Agents * size, options.EpisodeLimit, options.ReturnScale);
    }
}
