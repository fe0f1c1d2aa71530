using Madrl.Environments.Settings;

namespace Madrl.Environments;

/// <summary>The games that can be chosen by name: every <see cref="GameDefinition"/> of this assembly.</summary>
public static class GameCatalog
{
    /// <summary>All games in the order of their names.</summary>
    public static IReadOnlyList<GameDefinition> All { get; } = Discover();

    /// <summary>The game of the given name.</summary>
    /// <param name="task">Name of the task in kebab case.</param>
    /// <exception cref="ArgumentException">There is no such game; the message names the nearest ones.</exception>
    public static GameDefinition Find(string task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return All.FirstOrDefault(game => game.Task == task)
            ?? throw new ArgumentException(NearestNames.Message("task", task, [.. All.Select(game => game.Task)]));
    }

    private static IReadOnlyList<GameDefinition> Discover() =>
        [.. typeof(GameDefinition).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(GameDefinition)) && !type.IsAbstract)
            .Select(type => (GameDefinition)Activator.CreateInstance(type)!)
            .OrderBy(game => game.Task, StringComparer.Ordinal)];
}
