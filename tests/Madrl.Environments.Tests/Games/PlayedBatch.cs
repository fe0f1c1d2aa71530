using Madrl.Numerics;

namespace Madrl.Environments.Tests.Games;

/// <summary>A batch of a game with its buffers, played by keyed random actions; a copy that ends begins again.</summary>
internal sealed class PlayedBatch
{
    private readonly RandomActors _actors;
    private readonly ulong _seed;
    private readonly long _firstCopy;
    private readonly float[][] _actions;
    private readonly float[][] _observations;
    private readonly float[][] _observed;
    private readonly bool[] _terminated;
    private readonly double[] _rewards;
    private readonly float[] _states;

    public PlayedBatch(IMarkovGame game, ulong seed = 1, long firstCopy = 0)
    {
        (Game, _seed, _firstCopy) = (game, seed, firstCopy);
        _actors = new RandomActors(game.Spec, seed);
        _actions = [.. game.Spec.Agents.Select(agent => new float[game.Copies * agent.Actions.Width])];
        _observations = [.. game.Spec.Agents.Select(agent => new float[game.Copies * agent.ObservationSize])];
        _observed = [.. _observations.Select(observations => new float[observations.Length])];
        _terminated = new bool[game.Copies];
        _rewards = new double[game.Spec.Agents.Count * game.Copies];
        _states = new float[game.Copies * game.Spec.StateSize];
        for (var copy = 0; copy < game.Copies; copy++) Reset(copy, 0);
        Observe();
    }

    public IMarkovGame Game { get; }

    public void Step(long step)
    {
        var acting = _actors.ActAsync(new ActingStep(ActingMode.Explore, _firstCopy, Game.Copies, step), [], _actions);
        Assert.True(acting.IsCompletedSuccessfully);
        Game.Step(_actions, _rewards, _terminated);
        for (var copy = 0; copy < _terminated.Length; copy++)
        {
            if (_terminated[copy]) Reset(copy, step + 1);
        }

        Observe();
    }

    /// <summary>What a copy shows after a step, to be compared to the bit: rewards, whether it ended, observations, state.</summary>
    public double[] Shown(int copy) =>
    [
        .. Game.Spec.Agents.Select((_, agent) => _rewards[agent * Game.Copies + copy]),
        _terminated[copy] ? 1 : 0,
        .. Game.Spec.Agents
            .SelectMany((agent, index) => _observations[index].Skip(copy * agent.ObservationSize).Take(agent.ObservationSize))
            .Select(Convert.ToDouble),
        .. _states.Skip(copy * Game.Spec.StateSize).Take(Game.Spec.StateSize).Select(Convert.ToDouble),
    ];

    /// <summary>What the scripted policy does in a copy.</summary>
    public float[] Scripted(int copy) => [.. Game.Spec.Agents.SelectMany((agent, index) =>
    {
        var actions = new float[Game.Copies * agent.Actions.Width];
        Game.ActScripted(index, actions);
        return actions.Skip(copy * agent.Actions.Width).Take(agent.Actions.Width);
    })];

    /// <summary>Begins an episode in a copy.</summary>
    public void Reset(int copy, long episode) => Game.Reset(copy, new KeyedRandom(_seed, RandomPurpose.Reset, _firstCopy + copy, 0, episode));

    private void Observe()
    {
        Game.ObserveAll(_observations);
        for (var agent = 0; agent < _observations.Length; agent++)
        {
            Game.Observe(agent, _observed[agent]);
            Assert.True(_observed[agent].AsSpan().SequenceEqual(_observations[agent]));
        }

        Game.WriteState(_states);
    }
}
