namespace Madrl.Simulation.Cluster;

/// <summary>What a role is.</summary>
internal enum RoleKind : byte
{
    Run, Metrics, Learner, Environment, Replay, Agent, Replica,
}

/// <summary>Which role of the run: its kind and, where there are several, its numbers.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="First">Shard, or agent; 0 where there is one only.</param>
/// <param name="Second">Agent of a replica.</param>
internal readonly record struct RoleKey(RoleKind Kind, int First = 0, int Second = 0)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        RoleKind.Replica => $"replica/{First}/{Second}",
        RoleKind.Environment or RoleKind.Replay or RoleKind.Agent => $"{Kind.ToString().ToLowerInvariant()}/{First}",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
