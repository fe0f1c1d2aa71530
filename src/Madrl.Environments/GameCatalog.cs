using System.Reflection;
using Madrl.Environments.Settings;

namespace Madrl.Environments;

/// <summary>Marks a <see cref="GameDefinition"/> that is to be chosen by name.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class GameAttribute : Attribute;

/// <summary>The games that can be chosen by name: those of this assembly that are marked by <see cref="GameAttribute"/>, and those that were added.</summary>
public static class GameCatalog
{
    private static readonly Catalog<GameDefinition> _games = new(
        "task", typeof(GameAttribute), game => game.Task, Check);

    static GameCatalog() => Add(typeof(GameCatalog).Assembly);

    /// <summary>All games in the order of their names.</summary>
    public static IReadOnlyList<GameDefinition> All => _games.All;

    /// <inheritdoc cref="Catalog{T}.Find"/>
    public static GameDefinition Find(string task) => _games.Find(task);

    /// <inheritdoc cref="Catalog{T}.Add"/>
    public static IReadOnlyList<string> Add(Assembly assembly) => _games.Add(assembly);

    private static void Check(GameDefinition game)
    {
        if (game.Rules is not { Count: > 0 }) throw new ArgumentException($"{game.GetType()} has no rules: give them a name, such as 'standard'.");
        SettingsBinder.Describe(game.OptionsType);
    }
}
