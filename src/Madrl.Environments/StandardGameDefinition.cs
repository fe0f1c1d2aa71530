using Madrl.Environments.Settings;

namespace Madrl.Environments;

/// <summary>A task with one variant of the rules.</summary>
/// <typeparam name="TOptions">The game's options, a record with a default for each.</typeparam>
public abstract class StandardGameDefinition<TOptions> : GameDefinition
    where TOptions : class, new()
{
    private const string Standard = "standard";

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> Rules { get; } = [Standard];

    /// <inheritdoc/>
    public sealed override Type OptionsType => typeof(TOptions);

    /// <inheritdoc/>
    public sealed override IMarkovGame Create(int copies, string rules, IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (rules != Standard) throw new ArgumentException(NearestNames.Message($"rule set of {Task}", rules, [Standard]));
        return Create(copies, SettingsBinder.Bind(new TOptions(), options));
    }

    /// <summary>Makes a batch of copies.</summary>
    /// <param name="copies">Copies in the batch, at least 1.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The options do not go together; the message names the option and the remedy.</exception>
    public IMarkovGame Create(int copies, TOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        ArgumentNullException.ThrowIfNull(options);
        return Make(copies, Standard, options);
    }

    /// <summary>Makes a batch of copies.</summary>
    /// <param name="copies">Copies in the batch, at least 1.</param>
    /// <param name="rules">Name of the variant, for the <see cref="GameSpec"/>.</param>
    /// <param name="options">The options, each within its range.</param>
    protected abstract IMarkovGame Make(int copies, string rules, TOptions options);
}
