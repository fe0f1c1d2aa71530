using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments;

/// <summary>
/// What all games here share: every argument is checked before anything moves, and unless a game says otherwise its global
/// state is all observations one after another.
/// </summary>
public abstract class BatchedGame : IMarkovGame
{
    private readonly int[] _stateOffsets;

    /// <summary>A batch.</summary>
    /// <param name="spec">What the game is.</param>
    /// <param name="copies">Copies in the batch, K, at least 1.</param>
    protected BatchedGame(GameSpec spec, int copies)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        (Spec, Copies) = (spec, copies);
        _stateOffsets = new int[spec.Agents.Count];
        for (var agent = 1; agent < _stateOffsets.Length; agent++)
            _stateOffsets[agent] = _stateOffsets[agent - 1] + spec.Agents[agent - 1].ObservationSize;
    }

    /// <inheritdoc/>
    public GameSpec Spec { get; }

    /// <inheritdoc/>
    public int Copies { get; }

    /// <summary>Whether numbers outside an action space are the rules' business rather than an error; they must be numbers nevertheless.</summary>
    protected virtual bool ClipsActions => false;

    /// <inheritdoc/>
    public void Reset(int copy, KeyedRandom random)
    {
        CheckCopy(copy);
        Begin(copy, ref random);
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated)
    {
        ActionCheck.Check(Spec.Agents, Copies, actions, ClipsActions);
        if (rewards.Length != Spec.Agents.Count * Copies)
            throw new ArgumentException($"Rewards need {Spec.Agents.Count} agents x {Copies} copies.", nameof(rewards));
        if (terminated.Length != Copies) throw new ArgumentException($"Terminations need {Copies} flags.", nameof(terminated));
        Advance(actions, rewards, terminated);
    }

    /// <inheritdoc/>
    public void Observe(int agent, Span<float> observations)
    {
        CheckAgent(agent);
        var size = Spec.Agents[agent].ObservationSize;
        CheckLength(observations.Length, size, nameof(observations));
        WriteObservations(agent, observations, size);
    }

    /// <inheritdoc/>
    public virtual void ObserveAll(ReadOnlySpan<float[]> observations)
    {
        CheckObservations(observations);
        for (var agent = 0; agent < observations.Length; agent++)
            WriteObservations(agent, observations[agent], Spec.Agents[agent].ObservationSize);
    }

    /// <inheritdoc/>
    public virtual void WriteState(Span<float> states)
    {
        CheckStates(states);
        var observed = _stateOffsets[^1] + Spec.Agents[^1].ObservationSize;
        if (Spec.StateSize != observed)
        {
            throw new InvalidOperationException($"{Spec.Task} has a state of {Spec.StateSize} numbers, all observations are {observed}: "
                + "give it that StateSize, or let it override WriteState.");
        }

        for (var agent = 0; agent < _stateOffsets.Length; agent++) WriteObservations(agent, states[_stateOffsets[agent]..], Spec.StateSize);
    }

    /// <inheritdoc/>
    public void ActScripted(int agent, Span<float> actions)
    {
        CheckAgent(agent);
        CheckLength(actions.Length, Spec.Agents[agent].Actions.Width, nameof(actions));
        Play(agent, actions);
    }

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> Terms => [];

    /// <inheritdoc/>
    public void WriteTerms(Span<double> terms)
    {
        var numbers = Terms.Count * Copies;
        if (terms.Length != numbers)
        {
            throw new ArgumentException(
                $"There must be {Terms.Count} terms x {Copies} copies = {numbers} numbers, not {terms.Length}.", nameof(terms));
        }

        SumTerms(terms);
    }

    /// <inheritdoc/>
    public Picture Draw(int copy)
    {
        CheckCopy(copy);
        return Paint(copy);
    }

    /// <summary>Starts an episode in a copy.</summary>
    protected abstract void Begin(int copy, ref KeyedRandom random);

    /// <summary>Makes a step with actions that were checked; the arguments are those of <see cref="IMarkovGame.Step"/>.</summary>
    protected abstract void Advance(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated);

    /// <summary>Writes what an agent observes.</summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="rows">Receives the observation of copy k from k * <paramref name="rowLength"/> on.</param>
    /// <param name="rowLength">Distance from one copy's observation to the next.</param>
    protected abstract void WriteObservations(int agent, Span<float> rows, int rowLength);

    /// <summary>Writes the scripted policy's actions [K, width].</summary>
    protected abstract void Play(int agent, Span<float> actions);

    /// <summary>Writes the sums of the <see cref="Terms"/> [terms, K]; a game that names none need not.</summary>
    protected virtual void SumTerms(Span<double> terms)
    {
    }

    /// <summary>What a person sees of a copy.</summary>
    protected abstract Picture Paint(int copy);

    /// <summary>What an override of <see cref="WriteState"/> begins with.</summary>
    /// <exception cref="ArgumentException">There are not K x state size numbers.</exception>
    protected void CheckStates(ReadOnlySpan<float> states) => CheckLength(states.Length, Spec.StateSize, nameof(states));

    /// <summary>What an override of <see cref="ObserveAll"/> begins with.</summary>
    /// <exception cref="ArgumentException">There is not an array for each agent of K x its observation size numbers.</exception>
    protected void CheckObservations(ReadOnlySpan<float[]> observations)
    {
        if (observations.Length != Spec.Agents.Count)
        {
            throw new ArgumentException(
                $"Observations need arrays for {Spec.Agents.Count} agents, not {observations.Length}.", nameof(observations));
        }

        for (var agent = 0; agent < observations.Length; agent++)
        {
            var (length, size) = (observations[agent]?.Length ?? 0, Spec.Agents[agent].ObservationSize);
            if (length != Copies * size)
            {
                throw new ArgumentException($"The observations of agent {agent} must be {Copies} copies x {size} = {Copies * size} numbers; "
                    + $"there are {length}.", nameof(observations));
            }
        }
    }

    private void CheckLength(int length, int size, string argument)
    {
        if (length != Copies * size)
            throw new ArgumentException($"There must be {Copies} copies x {size} = {Copies * size} numbers, not {length}.", argument);
    }

    private void CheckCopy(int copy)
    {
        if ((uint)copy >= (uint)Copies)
            throw new ArgumentOutOfRangeException(nameof(copy), copy, $"A copy's index must lie in [0, {Copies}).");
    }

    private void CheckAgent(int agent)
    {
        if ((uint)agent >= (uint)Spec.Agents.Count)
            throw new ArgumentOutOfRangeException(nameof(agent), agent, $"An agent's index must lie in [0, {Spec.Agents.Count}).");
    }
}
