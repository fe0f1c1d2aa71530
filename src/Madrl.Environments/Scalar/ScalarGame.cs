using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Scalar;

/// <summary>
/// One copy of a game, the way a rule book tells it. <see cref="ScalarGameDefinition{TOptions}"/> makes a batch of such copies and
/// checks every argument and action first. A game draws only from the stream that <see cref="Begin"/> is given; where it needs
/// draws in mid-episode, it keeps a copy of the stream as part of its state.
/// </summary>
public abstract class ScalarGame
{
    /// <summary>A game.</summary>
    /// <param name="agents">The agents in their fixed order, at least one.</param>
    /// <param name="episodeLimit">Steps after which an episode is cut off, at least 1.</param>
    protected ScalarGame(IReadOnlyList<AgentSpec> agents, int episodeLimit)
    {
        ArgumentNullException.ThrowIfNull(agents);
        ArgumentOutOfRangeException.ThrowIfZero(agents.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(episodeLimit, 1);
        (Agents, EpisodeLimit) = (agents, episodeLimit);
    }

    /// <summary>The agents in their fixed order.</summary>
    public IReadOnlyList<AgentSpec> Agents { get; }

    /// <summary>Steps after which an episode is cut off.</summary>
    public int EpisodeLimit { get; }

    /// <summary>What a return means, see <see cref="GameSpec"/>.</summary>
    public virtual string ReturnScale => $"sum over the {Agents.Count} agents";

    /// <summary>Length of the global state. Whoever overrides it also overrides <see cref="WriteState"/>, and the other way round.</summary>
    public virtual int StateSize => Agents.Sum(agent => agent.ObservationSize);

    /// <summary>Names of the terms that the rewards are made of, where the game reports them, see <see cref="IMarkovGame.Terms"/>.</summary>
    public virtual IReadOnlyList<string> Terms => [];

    /// <summary>Starts a new episode.</summary>
    /// <param name="random">The stream from which the initial state is drawn.</param>
    public abstract void Begin(ref KeyedRandom random);

    /// <summary>All agents act at once. Is not called between an episode's end and the next <see cref="Begin"/>.</summary>
    /// <param name="actions">What each of them does, checked.</param>
    /// <param name="rewards">Zeros; receives the reward of each agent.</param>
    /// <returns>Whether the episode has ended by the rules; reaching the episode limit does not count.</returns>
    public abstract bool Step(JointAction actions, Span<double> rewards);

    /// <summary>Writes what an agent observes.</summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="observation">Zeros; receives the observation.</param>
    public abstract void Observe(int agent, Span<float> observation);

    /// <summary>Writes the global state: all observations one after another, unless a game knows a shorter one.</summary>
    /// <param name="state">Zeros; receives the state.</param>
    public virtual void WriteState(Span<float> state)
    {
        for (var agent = 0; agent < Agents.Count; agent++)
        {
            var size = Agents[agent].ObservationSize;
            Observe(agent, state[..size]);
            state = state[size..];
        }
    }

    /// <summary>Writes of each of the <see cref="Terms"/> the sum over the agents and the steps of the episode so far, before any weight.</summary>
    /// <param name="terms">Zeros; receives the sums.</param>
    public virtual void WriteTerms(Span<double> terms)
    {
    }

    /// <summary>Writes what a hand-written player does in the present state, which it sees whole.</summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="action">Zeros; receives the action.</param>
    public abstract void Play(int agent, Span<float> action);

    /// <summary>What a person sees of the present state.</summary>
    public abstract Picture Draw();
}
