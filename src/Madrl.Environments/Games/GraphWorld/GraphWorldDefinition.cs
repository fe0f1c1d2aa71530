using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Environments.Scalar;

namespace Madrl.Environments.Games.GraphWorld;

/// <summary>Options of graph-world.</summary>
public sealed record GraphWorldOptions
{
    /// <summary>Agents.</summary>
    [Range(1, 128), Description("agents")]
    public int Agents { get; init; } = 8;

    /// <summary>How far agents communicate and see targets; the world's side is 2.</summary>
    [Range(0.0, 3.0), Description("how far agents communicate and see targets; the world's side is 2")]
    public double Radius { get; init; } = 0.5;

    /// <summary>Targets; 0 makes the origin the only one.</summary>
    [Range(0, 128), Description("targets in random places; 0 makes the origin the only one")]
    public int Targets { get; init; }

    /// <summary>Most neighbours in an observation.</summary>
    [Range(0, 32), Description("most neighbours in an observation, the nearest ones")]
    public int Neighbours { get; init; } = 4;

    /// <summary>Steps of an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode")]
    public int EpisodeLimit { get; init; } = 50;
}

/// <summary>The task <c>graph-world</c>.</summary>
[Game]
public sealed class GraphWorldDefinition() : ScalarGameDefinition<GraphWorldOptions>(
    "graph-world", "Agents that hear only their neighbours go to the origin or to targets: made for graph policies.",
    options => new GraphWorldGame(options));
