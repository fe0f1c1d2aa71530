using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Scalar;

/// <summary>Copies of a <see cref="ScalarGame"/>, stepped one after another.</summary>
internal sealed class ScalarBatch : BatchedGame
{
    private readonly ScalarGame[] _games;
    private readonly double[] _rewards;
    private readonly double[] _terms;
    private readonly bool[] _isOver;

    /// <summary>A batch; no episode has begun yet.</summary>
    /// <param name="spec">What the game is.</param>
    /// <param name="games">The copies.</param>
    public ScalarBatch(GameSpec spec, ScalarGame[] games)
        : base(spec, games.Length)
    {
        _games = games;
        _rewards = new double[spec.Agents.Count];
        _terms = new double[games[0].Terms.Count];
        _isOver = new bool[games.Length];
        Array.Fill(_isOver, true);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Terms => _games[0].Terms;

    /// <inheritdoc/>
    public override void WriteState(Span<float> states)
    {
        CheckStates(states);
        states.Clear();
        for (var copy = 0; copy < Copies; copy++) _games[copy].WriteState(states.Slice(copy * Spec.StateSize, Spec.StateSize));
    }

    /// <inheritdoc/>
    protected override void Begin(int copy, ref KeyedRandom random)
    {
        _games[copy].Begin(ref random);
        _isOver[copy] = false;
    }

    /// <inheritdoc/>
    protected override void Advance(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated)
    {
        for (var copy = 0; copy < Copies; copy++)
        {
            _rewards.AsSpan().Clear();
            if (!_isOver[copy]) _isOver[copy] = _games[copy].Step(new JointAction(actions, copy, Copies), _rewards);
            terminated[copy] = _isOver[copy];
            for (var agent = 0; agent < _rewards.Length; agent++) rewards[agent * Copies + copy] = _rewards[agent];
        }
    }

    /// <inheritdoc/>
    protected override void WriteObservations(int agent, Span<float> rows, int rowLength)
    {
        var size = Spec.Agents[agent].ObservationSize;
        for (var copy = 0; copy < Copies; copy++)
        {
            var observation = rows.Slice(copy * rowLength, size);
            observation.Clear();
            _games[copy].Observe(agent, observation);
        }
    }

    /// <inheritdoc/>
    protected override void Play(int agent, Span<float> actions)
    {
        var width = Spec.Agents[agent].Actions.Width;
        actions.Clear();
        for (var copy = 0; copy < Copies; copy++) _games[copy].Play(agent, actions.Slice(copy * width, width));
    }

    /// <inheritdoc/>
    protected override void SumTerms(Span<double> terms)
    {
        for (var copy = 0; copy < Copies; copy++)
        {
            _terms.AsSpan().Clear();
            _games[copy].WriteTerms(_terms);
            for (var term = 0; term < _terms.Length; term++) terms[term * Copies + copy] = _terms[term];
        }
    }

    /// <inheritdoc/>
    protected override Picture Paint(int copy) => _games[copy].Draw();
}
