using Madrl.Environments.Games.SimpleSpread;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.SimpleSpread;

/// <summary>A batch of simple-spread with its buffers, played with keyed random actions.</summary>
internal sealed class SpreadBatch
{
    private readonly RandomActors _actors;
    private readonly long _firstCopy;
    private readonly float[][] _actions;
    private readonly bool[] _terminated;

    public SpreadBatch(string rules, SimpleSpreadOptions options, int copies, ulong seed = 1, long firstCopy = 0)
    {
        Game = new SimpleSpreadDefinition().Create(copies, rules, options);
        _firstCopy = firstCopy;
        _actors = new RandomActors(Game.Spec, seed);
        _actions = [.. Game.Spec.Agents.Select(agent => new float[copies * agent.Actions.Width])];
        _terminated = new bool[copies];
        Rewards = new double[Game.Spec.Agents.Count * copies];
        States = new float[copies * Game.Spec.StateSize];
        for (var copy = 0; copy < copies; copy++)
            Game.Reset(copy, new KeyedRandom(seed, RandomPurpose.Reset, firstCopy + copy, 0, 0));
    }

    public SimpleSpreadGame Game { get; }

    /// <summary>[agents, K]</summary>
    public double[] Rewards { get; }

    /// <summary>[K, state size]</summary>
    public float[] States { get; }

    public void StepAtRandom(long step)
    {
        var acting = _actors.ActAsync(new ActingStep(ActingMode.Explore, _firstCopy, Game.Copies, step), [], _actions);
        Assert.True(acting.IsCompletedSuccessfully);
        Game.Step(_actions, Rewards, _terminated);
        Game.WriteState(States);
    }

    /// <summary>Rewards and state of one copy, to be compared to the bit.</summary>
    public float[] StateOf(int copy) => States.AsSpan(copy * Game.Spec.StateSize, Game.Spec.StateSize).ToArray();

    public double[] RewardsOf(int copy) =>
        [.. Enumerable.Range(0, Game.Spec.Agents.Count).Select(agent => Rewards[agent * Game.Copies + copy])];
}
