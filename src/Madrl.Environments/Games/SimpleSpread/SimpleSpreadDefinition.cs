using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Environments.Settings;

namespace Madrl.Environments.Games.SimpleSpread;

/// <summary>How the agents of simple-spread are steered.</summary>
public enum SpreadActions
{
    /// <summary>One of five: nothing, or a full push along one axis.</summary>
    Discrete,

    /// <summary>Five numbers from 0 to 1, opposite pushes subtracted (rules mpe2).</summary>
    Continuous,

    /// <summary>The probabilities of the five discrete actions, mixed (rules openai).</summary>
    Soft,
}

/// <summary>Options of simple-spread.</summary>
public sealed record SimpleSpreadOptions
{
    /// <summary>The default of <see cref="LocalRatio"/>.</summary>
    internal const double DefaultLocalRatio = 0.5;

    /// <summary>Agents, and as many landmarks.</summary>
    [Range(1, 128), Description("agents, and as many landmarks")]
    public int Agents { get; init; } = 3;

    /// <summary>Weight of an agent's own collisions against the team's reward; rules mpe2 only.</summary>
    [Range(0.0, 1.0), Description("weight of an agent's own collisions against the team's reward (rules mpe2)")]
    public double LocalRatio { get; init; } = DefaultLocalRatio;

    /// <summary>How agents are steered.</summary>
    [Description("how agents are steered; continuous needs rules mpe2, soft needs rules openai")]
    public SpreadActions Actions { get; init; } = SpreadActions.Discrete;

    /// <summary>Steps of an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode")]
    public int EpisodeLimit { get; init; } = 25;
}

/// <summary>The task <c>simple-spread</c>.</summary>
public sealed class SimpleSpreadDefinition : GameDefinition
{
    /// <summary>Farama's maintained version, the default.</summary>
    internal const string Mpe2 = "mpe2";

    /// <summary>OpenAI's original, which most published tables use.</summary>
    internal const string OpenAI = "openai";

    /// <inheritdoc/>
    public override string Task => "simple-spread";

    /// <inheritdoc/>
    public override string Summary => "Agents share out the landmarks among themselves without running into one another.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Rules { get; } = [Mpe2, OpenAI];

    /// <inheritdoc/>
    public override Type OptionsType => typeof(SimpleSpreadOptions);

    /// <inheritdoc/>
    public override IMarkovGame Create(int copies, string rules, IReadOnlyDictionary<string, string> options) =>
        Create(copies, rules, SettingsBinder.Bind(new SimpleSpreadOptions(), options));

    /// <summary>Makes a batch of copies.</summary>
    /// <param name="copies">Copies in the batch, at least 1.</param>
    /// <param name="rules">One of <see cref="Rules"/>.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The rules are unknown, or an option belongs to other rules.</exception>
    public SimpleSpreadGame Create(int copies, string rules, SimpleSpreadOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(options);
        if (!Rules.Contains(rules))
            throw new ArgumentException(NearestNames.Message("rule set of simple-spread", rules, [.. Rules]));
        if (options.Actions == SpreadActions.Continuous && rules != Mpe2)
            throw new ArgumentException("actions=continuous belongs to rules mpe2: with rules openai choose discrete or soft.");
        if (options.Actions == SpreadActions.Soft && rules != OpenAI)
            throw new ArgumentException("actions=soft belongs to rules openai: with rules mpe2 choose discrete or continuous.");
        if (options.LocalRatio != SimpleSpreadOptions.DefaultLocalRatio && rules != Mpe2)
            throw new ArgumentException("local-ratio belongs to rules mpe2: leave it out with rules openai.");
        return new SimpleSpreadGame(copies, rules, options);
    }
}
