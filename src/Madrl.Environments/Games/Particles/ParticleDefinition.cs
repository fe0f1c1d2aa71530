using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Madrl.Environments.Games.Particles;

/// <summary>Options that all particle games have.</summary>
public record ParticleOptions
{
    /// <summary>How agents are steered.</summary>
    [Description("how agents are steered; continuous needs rules mpe2, soft needs rules openai")]
    public ParticleActions Actions { get; init; } = ParticleActions.Discrete;

    /// <summary>Steps of an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode")]
    public int EpisodeLimit { get; init; } = 25;
}

/// <summary>Options of a particle game whose reward has a part of the agent's own and a part of the team's.</summary>
public abstract record LocalRatioOptions : ParticleOptions
{
    private const double Default = 0.5;

    /// <summary>Weight of an agent's own part of the reward against the team's; rules mpe2 only.</summary>
    [Range(0.0, 1.0), Description("weight of an agent's own part of the reward against the team's (rules mpe2)")]
    public double LocalRatio { get; init; } = Default;

    /// <summary>Refuses the option where the rules do not have it.</summary>
    internal void CheckRules(bool openAI)
    {
        if (openAI && LocalRatio != Default) throw new ArgumentException("local-ratio belongs to rules mpe2: leave it out with rules openai.");
    }
}

/// <summary>
/// One of the Multi-Particle Environments (Lowe et al. 2017), by the rules of Farama's maintained version, mpe2, or of OpenAI's
/// original, openai, which most published tables use.
/// </summary>
/// <typeparam name="TOptions">Its options.</typeparam>
public abstract class ParticleDefinition<TOptions> : GameDefinition<TOptions>
    where TOptions : ParticleOptions, new()
{
    private const string Mpe2 = "mpe2";
    private const string OpenAI = "openai";

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> Rules { get; } = [Mpe2, OpenAI];

    /// <inheritdoc/>
    protected sealed override IMarkovGame Make(int copies, string rules, TOptions options)
    {
        if (options.Actions == ParticleActions.Continuous && rules != Mpe2)
            throw new ArgumentException("actions=continuous belongs to rules mpe2: with rules openai choose discrete or soft.");
        if (options.Actions == ParticleActions.Soft && rules != OpenAI)
            throw new ArgumentException("actions=soft belongs to rules openai: with rules mpe2 choose discrete or continuous.");
        var task = Build(options, rules == OpenAI);
        return new ParticleGame(task, Describe(task, rules, options), copies, options.Actions);
    }

    /// <summary>The task with the given options.</summary>
    /// <exception cref="ArgumentException">An option belongs to other rules.</exception>
    private protected abstract ParticleTask Build(TOptions options, bool openAI);

    private GameSpec Describe(ParticleTask task, string rules, TOptions options)
    {
        AgentSpec[] agents =
        [
            .. task.Scene.Agents.Select((agent, index) => new AgentSpec(
                agent.Name, task.Observation(index).Count(), ParticleSteering.Space(task.Scene, index, options.Actions))),
        ];
        return new GameSpec(Task, rules, agents, agents.Sum(agent => agent.ObservationSize), options.EpisodeLimit, task.ReturnScale);
    }
}
