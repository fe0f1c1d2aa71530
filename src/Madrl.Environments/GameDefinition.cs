using Madrl.Environments.Settings;

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

/// <summary>A task whose options are a record. It has one variant of the rules, unless it says otherwise.</summary>
/// <typeparam name="TOptions">The game's options, with a default for each.</typeparam>
public abstract class GameDefinition<TOptions> : GameDefinition
    where TOptions : class, new()
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Rules { get; } = ["standard"];

    /// <inheritdoc/>
    public sealed override Type OptionsType => typeof(TOptions);

    /// <inheritdoc/>
    public sealed override IMarkovGame Create(int copies, string rules, IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(options);
        string[] known = [.. SettingsBinder.Describe(OptionsType).Select(option => option.Name)];
        if (options.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new ArgumentException(NearestNames.Message($"option of {Task}", unknown, known));
        return Create(copies, SettingsBinder.Bind(new TOptions(), options), rules);
    }

    /// <summary>Makes a batch of copies.</summary>
    /// <param name="copies">Copies in the batch, at least 1.</param>
    /// <param name="options">The options.</param>
    /// <param name="rules">One of <see cref="Rules"/>; the first if null.</param>
    /// <exception cref="ArgumentException">
    /// The rules are unknown, an option is out of range, or the options do not go together; the message names the option and the remedy.
    /// </exception>
    public IMarkovGame Create(int copies, TOptions options, string? rules = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        ArgumentNullException.ThrowIfNull(options);
        rules ??= Rules[0];
        if (!Rules.Contains(rules)) throw new ArgumentException(NearestNames.Message($"rule set of {Task}", rules, [.. Rules]));
        SettingsBinder.Check(options);
        return Make(copies, rules, options);
    }

    /// <summary>Makes a batch of copies.</summary>
    /// <param name="copies">Copies in the batch, at least 1.</param>
    /// <param name="rules">One of <see cref="Rules"/>.</param>
    /// <param name="options">The options, each within its range.</param>
    protected abstract IMarkovGame Make(int copies, string rules, TOptions options);
}
