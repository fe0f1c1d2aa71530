using Madrl.Numerics;

namespace Madrl.Environments;

/// <summary>
/// The random policy: every action equally probable, numbers uniform between their limits. It is the floor that results
/// are compared with. The acting mode makes no difference to it.
/// </summary>
public sealed class RandomActors : IActors
{
    private readonly GameSpec _game;
    private readonly ulong _seed;

    /// <summary>Random actors for a game.</summary>
    /// <param name="game">The game.</param>
    /// <param name="seed">The run's seed.</param>
    public RandomActors(GameSpec game, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(game);
        _game = game;
        _seed = seed;
    }

    /// <inheritdoc/>
    public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
    {
        ArgumentNullException.ThrowIfNull(actions);
        for (var agent = 0; agent < _game.Agents.Count; agent++)
        {
            var space = _game.Agents[agent].Actions;
            for (var row = 0; row < step.Rows; row++)
            {
                var random = new KeyedRandom(_seed, RandomPurpose.RandomPolicy, step.FirstCopy + row, agent, step.Step);
                Draw(space, ref random, actions[agent].AsSpan(row * space.Width, space.Width));
            }
        }

        return ValueTask.CompletedTask;
    }

    private static void Draw(ActionSpace space, ref KeyedRandom random, Span<float> action)
    {
        if (space is ActionSpace.Box box)
        {
            foreach (ref var number in action) number = box.Low + (box.High - box.Low) * random.NextSingle();
            return;
        }

        action[0] = random.NextInt32(((ActionSpace.Discrete)space).Count);
    }
}
