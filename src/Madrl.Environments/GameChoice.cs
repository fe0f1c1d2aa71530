using Madrl.Environments.Settings;

namespace Madrl.Environments;

/// <summary>A game as a person chose it.</summary>
public sealed class GameChoice
{
    private readonly GameDefinition _game;
    private readonly IReadOnlyDictionary<string, string> _options;

    /// <summary>Checks a choice.</summary>
    /// <param name="task">Name of the task.</param>
    /// <param name="rules">Variant of its rules; the task's first if null.</param>
    /// <param name="options">Options that are not at their defaults.</param>
    /// <exception cref="ArgumentException">Something of it is not valid; the message is one line that says what is.</exception>
    public GameChoice(string task, string? rules, IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _game = GameCatalog.Find(task);
        (Rules, _options) = (rules ?? _game.Rules[0], options);
        Spec = Create(1).Spec;
    }

    /// <summary>What the game is.</summary>
    public GameSpec Spec { get; }

    /// <summary>Name of the task.</summary>
    public string Task => _game.Task;

    /// <summary>Variant of the rules.</summary>
    public string Rules { get; }

    /// <summary>Whether all options are at their defaults.</summary>
    public bool IsDefault
    {
        get
        {
            var chosen = SettingsBinder.Values(SettingsBinder.Bind(_game.OptionsType, _options));
            return SettingsBinder.Describe(_game.OptionsType).All(option => chosen[option.Name] == option.Default);
        }
    }

    /// <summary>Makes a batch of copies.</summary>
    /// <param name="copies">Copies in the batch, at least 1.</param>
    public IMarkovGame Create(int copies) => _game.Create(copies, Rules, _options);
}
