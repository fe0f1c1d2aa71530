using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Drawing;

/// <summary>Pictures of a game's first moments, played at random.</summary>
internal static class DrawnGame
{
    public static TheoryData<string> Tasks { get; } = [.. GameCatalog.All.Select(game => game.Task)];

    public static async Task<IReadOnlyList<Picture>> PlayAsync(string task, int steps)
    {
        var definition = GameCatalog.Find(task);
        var game = definition.Create(1, definition.Rules[0], new Dictionary<string, string>());
        game.Reset(0, new KeyedRandom(1, RandomPurpose.TestReset, 0, agent: 0, 0));
        var observations = new float[game.Spec.Agents.Count][];
        float[][] actions = [.. game.Spec.Agents.Select(agent => new float[agent.Actions.Width])];
        var (rewards, ended) = (new double[actions.Length], new bool[1]);
        List<Picture> pictures = [game.Draw(0)];
        for (var step = 0; step < steps && !ended[0]; step++)
        {
            await new RandomActors(game.Spec, 1).ActAsync(new ActingStep(ActingMode.Greedy, 0, 1, step, step), observations, actions);
            game.Step(actions, rewards, ended);
            pictures.Add(game.Draw(0));
        }

        return pictures;
    }
}
