namespace Madrl.Environments;

/// <summary>
/// A task that can be chosen by name. Deriving from this class and marking it by <see cref="GameAttribute"/> is all that it takes to
/// add a game: <see cref="GameCatalog"/> finds it.
/// </summary>
public abstract class GameDefinition
{
    /// <summary>Name of the task in kebab case.</summary>
    public abstract string Task { get; }

    /// <summary>The task in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>The variants of the rules, the default first.</summary>
    public abstract IReadOnlyList<string> Rules { get; }

    /// <summary>
    /// The type whose public settable properties are the game's options, bound by <see cref="Settings.SettingsBinder"/>.
    /// </summary>
    public abstract Type OptionsType { get; }

    /// <summary>Makes a batch of copies.</summary>
    /// <param name="copies">Copies in the batch, at least 1.</param>
    /// <param name="rules">One of <see cref="Rules"/>.</param>
    /// <param name="options">Values of the game's options by their kebab-case names; absent ones keep their defaults.</param>
    /// <exception cref="ArgumentException">
    /// The rules or an option are unknown or out of range; the message names the valid ones.
    /// </exception>
    public abstract IMarkovGame Create(int copies, string rules, IReadOnlyDictionary<string, string> options);
}
