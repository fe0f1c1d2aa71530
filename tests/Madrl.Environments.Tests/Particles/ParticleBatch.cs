using Madrl.Environments.Games.Particles;
using Madrl.Environments.Tests.Games;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Particles;

/// <summary>Makes particle games in states of a test's choice.</summary>
internal static class ParticleBatch
{
    /// <summary>A game whose copies have begun.</summary>
    public static ParticleGame Begun(string task, string rules, string options, int copies = 2)
    {
        var game = (ParticleGame)GameCases.Create(copies, task, rules, options);
        for (var copy = 0; copy < copies; copy++) game.Reset(copy, new KeyedRandom(1, RandomPurpose.Reset, copy, 0, 0));
        return game;
    }

    /// <summary>Puts an entity somewhere.</summary>
    public static void Put(this ParticleGame game, int copy, int entity, double x, double y)
    {
        var row = game.Task.Scene.Position(entity);
        (game.State[copy][row], game.State[copy][row + 1]) = (x, y);
    }

    /// <summary>Actions of which every number is 0, to be changed.</summary>
    public static float[][] Zeros(this IMarkovGame game) => [.. game.Spec.Agents.Select(agent => new float[game.Copies * agent.Actions.Width])];

    /// <summary>Makes a step.</summary>
    /// <returns>The rewards [agents, K].</returns>
    public static double[] Step(this IMarkovGame game, float[][] actions)
    {
        var rewards = new double[game.Spec.Agents.Count * game.Copies];
        game.Step(actions, rewards, new bool[game.Copies]);
        return rewards;
    }
}
