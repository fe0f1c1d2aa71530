using Madrl.Environments.Games.Warehouse;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>A batch of warehouses with its buffers, played with keyed random actions.</summary>
internal sealed class WarehousePlay
{
    private const ulong Seed = 1;

    private readonly long _firstCopy;
    private readonly bool _driven;
    private readonly float[][] _actions;
    private readonly double[] _rewards;
    private readonly bool[] _terminated;

    /// <param name="driven">Whether robots mostly go ahead, which makes for crowds and for shelves that are carried far.</param>
    public WarehousePlay(WarehouseOptions options, int copies, long firstCopy = 0, bool driven = false)
    {
        (_firstCopy, _driven) = (firstCopy, driven);
        Game = (WarehouseGame)new WarehouseDefinition().Create(copies, options);
        _actions = [.. Game.Spec.Agents.Select(_ => new float[copies])];
        _rewards = new double[options.Agents * copies];
        _terminated = new bool[copies];
        States = new float[copies * Game.Spec.StateSize];
        for (var copy = 0; copy < copies; copy++) Game.Reset(copy, new KeyedRandom(Seed, RandomPurpose.Reset, firstCopy + copy, 0, 0));
    }

    public WarehouseGame Game { get; }

    /// <summary>[K, state size]</summary>
    public float[] States { get; }

    /// <summary>What a robot does in a step.</summary>
    public int Action(int step, int copy, int robot)
    {
        var random = new KeyedRandom(Seed, RandomPurpose.RandomPolicy, _firstCopy + copy, robot, step);
        return _driven && random.NextInt32(2) == 0 ? 1 : random.NextInt32(5);
    }

    public void Step(int step)
    {
        for (var robot = 0; robot < _actions.Length; robot++)
        {
            for (var copy = 0; copy < Game.Copies; copy++) _actions[robot][copy] = Action(step, copy, robot);
        }

        Game.Step(_actions, _rewards, _terminated);
        Game.WriteState(States);
    }

    public Robot[] Robots(int copy) => [.. Enumerable.Range(0, _actions.Length).Select(robot => Game.Floors[copy].Robot(robot))];

    public float[] State(int copy) => States[(copy * Game.Spec.StateSize)..((copy + 1) * Game.Spec.StateSize)];

    public double[] Rewards(int copy) => [.. Enumerable.Range(0, _actions.Length).Select(robot => _rewards[robot * Game.Copies + copy])];
}
