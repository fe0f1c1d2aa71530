using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Environments.Scalar;

namespace Madrl.Environments.Games.TargetReach;

/// <summary>Options of target-reach.</summary>
public sealed record TargetReachOptions
{
    /// <summary>Level of the benchmark: every level adds 0.2 to the weight of the team's reward.</summary>
    [Range(1, 5), Description("level of the benchmark: cooperation factor 0, 0.2, 0.4, 0.6, 0.8")]
    public int Level { get; init; } = 1;

    /// <summary>Steps of an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode")]
    public int EpisodeLimit { get; init; } = 50;
}

/// <summary>The task <c>target-reach</c>.</summary>
[Game]
public sealed class TargetReachDefinition() : ScalarGameDefinition<TargetReachOptions>(
    "target-reach", "Four agents cross one another's ways to their targets, at five levels of cooperation.",
    options => new TargetReachGame(options));
