using Madrl.Environments.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Scalar;

/// <summary>One copy of a game, played by hand.</summary>
internal static class ScalarPlay
{
    public static T Begun<T>(this T game, ulong seed = 1)
        where T : ScalarGame
    {
        var random = new KeyedRandom(seed, RandomPurpose.Reset, 0, 0, 0);
        game.Begin(ref random);
        return game;
    }

    /// <summary>A step in which no episode ends.</summary>
    /// <returns>The rewards.</returns>
    public static double[] Step(this ScalarGame game, float[][] actions)
    {
        var rewards = new double[game.Agents.Count];
        Assert.False(game.Step(new JointAction(actions, 0, 1), rewards));
        return rewards;
    }

    public static float[] Seen(this ScalarGame game, int agent)
    {
        var observation = new float[game.Agents[agent].ObservationSize];
        game.Observe(agent, observation);
        return observation;
    }

    public static float[] State(this ScalarGame game)
    {
        var state = new float[game.StateSize];
        game.WriteState(state);
        return state;
    }

    /// <summary>Random actions of all agents.</summary>
    public static float[][] RandomActions(this ScalarGame game, ulong seed, int step) => [.. game.Agents.Select((agent, index) =>
    {
        var random = new KeyedRandom(seed, RandomPurpose.RandomPolicy, 0, index, step);
        float[] action = new float[agent.Actions.Width];
        foreach (ref var number in action.AsSpan())
        {
            number = agent.Actions is ActionSpace.Box box
                ? (float)random.NextDouble(box.Low, box.High)
                : random.NextInt32(((ActionSpace.Discrete)agent.Actions).Count);
        }

        return action;
    })];

    /// <summary>What the scripted players do.</summary>
    public static float[][] ScriptedActions(this ScalarGame game) => [.. game.Agents.Select((agent, index) =>
    {
        var action = new float[agent.Actions.Width];
        game.Play(index, action);
        return action;
    })];
}
