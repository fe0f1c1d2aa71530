using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Environments.Scalar;

namespace Madrl.Environments.Games.Rendezvous;

/// <summary>Who is joined with whom.</summary>
public enum InteractionGraph
{
    /// <summary>Everyone with everyone.</summary>
    Complete,

    /// <summary>Each with the next, the last with the first.</summary>
    Ring,

    /// <summary>Each with the next.</summary>
    Line,

    /// <summary>The first with everyone.</summary>
    Star,
}

/// <summary>Options of rendezvous.</summary>
public sealed record RendezvousOptions
{
    /// <summary>Agents.</summary>
    [Range(2, 64), Description("agents")]
    public int Agents { get; init; } = 4;

    /// <summary>How many of the agents, the last ones, are rewarded for distance.</summary>
    [Range(0, 63), Description("how many of the agents, the last ones, evade the others; fewer than agents")]
    public int Evaders { get; init; }

    /// <summary>Weight of the team's reward against the agent's own.</summary>
    [Range(0.0, 1.0), Description("weight of the team's reward against the own: 1 cooperative, 0 competitive with evaders, between them mixed")]
    public double Cooperation { get; init; } = 1;

    /// <summary>Who is joined with whom.</summary>
    [Description("who is joined with whom")]
    public InteractionGraph Graph { get; init; }

    /// <summary>What a distance counts, for every edge of the way beyond the first.</summary>
    [Range(0.0, 1.0), Description("factor on a distance for every edge beyond the first on the way between two agents")]
    public double HopDiscount { get; init; } = 0.9;

    /// <summary>Steps of an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode")]
    public int EpisodeLimit { get; init; } = 50;
}

/// <summary>The task <c>rendezvous</c>.</summary>
[Game]
public sealed class RendezvousDefinition() : ScalarGameDefinition<RendezvousOptions>(
    "rendezvous", "Agents meet on a map, for the team, for themselves, or against evaders.", options => new RendezvousGame(options));
