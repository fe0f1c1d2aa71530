using Madrl.Environments.Settings;

namespace Madrl.Environments.Scalar;

/// <summary>A task whose game is written for one copy, in one variant of the rules.</summary>
/// <typeparam name="TOptions">The game's options, a record with a default for each.</typeparam>
public abstract class ScalarGameDefinition<TOptions> : GameDefinition
    where TOptions : class, new()
{
    /// <summary>The name of the only variant of the rules.</summary>
    private const string Standard = "standard";

    private readonly Func<TOptions, ScalarGame> _make;

    /// <summary>A task.</summary>
    /// <param name="task">Its name in kebab case.</param>
    /// <param name="summary">The task in one line.</param>
    /// <param name="make">Makes one copy; an <see cref="ArgumentException"/> of it names the bad option and the remedy.</param>
    protected ScalarGameDefinition(string task, string summary, Func<TOptions, ScalarGame> make) => (Task, Summary, _make) = (task, summary, make);

    /// <inheritdoc/>
    public sealed override string Task { get; }

    /// <inheritdoc/>
    public sealed override string Summary { get; }

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
        ScalarGame[] games = [.. Enumerable.Range(0, copies).Select(_ => _make(options))];
        var game = games[0];
        return new ScalarBatch(new GameSpec(Task, Standard, game.Agents, game.StateSize, game.EpisodeLimit, game.ReturnScale), games);
    }
}
