using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Matrix;

/// <summary>
/// A game in normal form, played again and again. The players observe nothing, a single 0, or, one-hot, what was played last: each its
/// own action first, then the others' in their order; zeros before the first step. The scripted players play the joint action with the
/// greatest sum of payoffs.
/// </summary>
internal sealed class MatrixGame : BatchedGame
{
    private const int None = -1;
    private const double HalfCell = 0.48; // Leaves a line between the cells.

    private readonly NormalFormGame _game;
    private readonly bool _observesLast;
    private readonly int _best;
    private readonly bool _isCommon;
    private readonly int[] _last; // Index of the joint action by copy.

    /// <summary>Copies in which nothing has been played.</summary>
    /// <param name="game">The game.</param>
    /// <param name="spec">What it is.</param>
    /// <param name="copies">Copies, K.</param>
    /// <param name="observesLast">Whether the last joint action is observed.</param>
    public MatrixGame(NormalFormGame game, GameSpec spec, int copies, bool observesLast)
        : base(spec, copies)
    {
        (_game, _observesLast, _best, _isCommon) = (game, observesLast, game.Best(), game.IsCommon());
        _last = new int[copies];
        Array.Fill(_last, None);
    }

    /// <inheritdoc/>
    protected override void Begin(int copy, ref KeyedRandom random) => _last[copy] = None;

    /// <inheritdoc/>
    protected override void Advance(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated)
    {
        _last.AsSpan().Clear();
        for (var player = 0; player < actions.Length; player++)
        {
            var (chosen, stride) = (actions[player], _game.Stride(player));
            for (var copy = 0; copy < _last.Length; copy++) _last[copy] += (int)chosen[copy] * stride;
        }

        for (var player = 0; player < actions.Length; player++)
        {
            var payoffs = _game.Payoffs[player];
            var own = rewards.Slice(player * Copies, Copies);
            for (var copy = 0; copy < own.Length; copy++) own[copy] = payoffs[_last[copy]];
        }

        terminated.Clear();
    }

    /// <inheritdoc/>
    protected override void WriteObservations(int agent, Span<float> rows, int rowLength)
    {
        var size = Spec.Agents[agent].ObservationSize;
        for (var copy = 0; copy < Copies; copy++)
        {
            var row = rows.Slice(copy * rowLength, size);
            row.Clear();
            if (_observesLast && _last[copy] != None) WriteLast(_last[copy], agent, row);
        }
    }

    private void WriteLast(int profile, int agent, Span<float> row)
    {
        row[_game.Action(profile, agent)] = 1;
        row = row[_game.Players[agent].Actions.Count..];
        for (var other = 0; other < _game.Players.Count; other++)
        {
            if (other == agent) continue;
            row[_game.Action(profile, other)] = 1;
            row = row[_game.Players[other].Actions.Count..];
        }
    }

    /// <inheritdoc/>
    protected override void Play(int agent, Span<float> actions) => actions.Fill(_game.Action(_best, agent));

    /// <summary>The table of payoffs, the first player's actions from top to bottom; what was played last stands out.</summary>
    protected override Picture Paint(int copy)
    {
        var columns = _game.Stride(0);
        var rows = _game.Profiles / columns;
        return new(-0.5, -0.5, columns, rows, [.. Enumerable.Range(0, _game.Profiles).Select(profile => new Mark(
            Form.Square, profile == _last[copy] ? Ink.Highlight : Ink.Ground, profile % columns, rows - 1 - profile / columns,
            HalfCell, Label(profile)))]);
    }

    private string Label(int profile)
    {
        var payoffs = _game.Payoffs.Select(payoffs => FormattableString.Invariant($"{payoffs[profile]}"));
        return _isCommon ? payoffs.First() : string.Join(", ", payoffs);
    }
}
