using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Environments;
using Madrl.Environments.Drawing;
using Madrl.Environments.Scalar;
using Madrl.Numerics;

namespace OwnGame;

[Game]
public sealed class GridWalkDefinition() : ScalarGameDefinition<GridWalkOptions>(
    "grid-walk", "Two agents on a grid meet.", options => new GridWalk(options));

public sealed record GridWalkOptions
{
    [Range(2, 100), Description("cells of a side")]
    public int Size { get; init; } = 5;
}

/// <summary>Each step costs 0.1 until both agents stand in the same cell, which earns each of them 1 and ends the episode.</summary>
public sealed class GridWalk(GridWalkOptions options)
    : ScalarGame(AgentSpec.Alike(2, observationSize: 4, new ActionSpace.Discrete(5)), episodeLimit: 50)
{
    private static readonly (int X, int Y)[] _moves = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];

    private readonly (int X, int Y)[] _cells = new (int, int)[2];

    public override void Begin(ref KeyedRandom random)
    {
        for (var agent = 0; agent < 2; agent++) _cells[agent] = (random.NextInt32(options.Size), random.NextInt32(options.Size));
    }

    public override bool Step(JointAction actions, Span<double> rewards)
    {
        for (var agent = 0; agent < 2; agent++)
        {
            var (cell, move) = (_cells[agent], _moves[actions.Choice(agent)]);
            _cells[agent] = (Math.Clamp(cell.X + move.X, 0, options.Size - 1), Math.Clamp(cell.Y + move.Y, 0, options.Size - 1));
        }

        var met = _cells[0] == _cells[1];
        rewards.Fill(met ? 1 : -0.1);
        return met;
    }

    public override void Observe(int agent, Span<float> observation)
    {
        var (own, other) = (_cells[agent], _cells[1 - agent]);
        (observation[0], observation[1], observation[2], observation[3]) = (own.X, own.Y, other.X - own.X, other.Y - own.Y);
    }

    /// <summary>The first agent goes to the column of the second, the second to the row of the first.</summary>
    public override void Play(int agent, Span<float> action) => action[0] = Array.IndexOf(
        _moves, agent == 0 ? (Math.Sign(_cells[1].X - _cells[0].X), 0) : (0, Math.Sign(_cells[0].Y - _cells[1].Y)));

    public override Picture Draw() => new(-0.5, -0.5, options.Size, options.Size,
        [.. _cells.Select((cell, agent) => new Mark(Form.Disc, Ink.Agent, cell.X, cell.Y, 0.4, $"{agent}"))]);
}
