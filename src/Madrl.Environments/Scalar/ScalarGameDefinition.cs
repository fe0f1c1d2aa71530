using System.Reflection;

namespace Madrl.Environments.Scalar;

/// <summary>A task whose game is written for one copy, in one variant of the rules.</summary>
/// <typeparam name="TOptions">The game's options, a record with a default for each.</typeparam>
public abstract class ScalarGameDefinition<TOptions> : GameDefinition<TOptions>
    where TOptions : class, new()
{
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
    public sealed override IReadOnlyList<string> Rules => base.Rules;

    /// <inheritdoc/>
    protected sealed override IMarkovGame Make(int copies, string rules, TOptions options)
    {
        ScalarGame[] games = [.. Enumerable.Range(0, copies).Select(_ => _make(options))];
        var game = games[0];
        CheckState(game.GetType());
        return new ScalarBatch(new GameSpec(Task, rules, game.Agents, game.StateSize, game.EpisodeLimit, game.ReturnScale), games);
    }

    /// <exception cref="ArgumentException">The game changes the length of the state or what is written there, but not both.</exception>
    private static void CheckState(Type game)
    {
        if (IsOwn(game.GetProperty(nameof(ScalarGame.StateSize))) == IsOwn(game.GetMethod(nameof(ScalarGame.WriteState), [typeof(Span<float>)]))) return;
        throw new ArgumentException($"{game.Name} overrides only one of {nameof(ScalarGame.StateSize)} and "
            + $"{nameof(ScalarGame.WriteState)}, which belong together: let it override both, or none for a state of all observations.");
    }

    private static bool IsOwn(MemberInfo? member) => member!.DeclaringType != typeof(ScalarGame);
}
