namespace Madrl.Environments.Replay;

/// <summary>What an off-policy learner wants of its experience. Everything is counted over all shards together.</summary>
public sealed record ReplayDescription
{
    /// <summary>A description.</summary>
    /// <param name="Capacity">Transitions that are kept, at least 1; the oldest go first, by whole iterations.</param>
    /// <param name="Batch">Transitions per update (episodes with <paramref name="WholeEpisodes"/>), at least 1.</param>
    /// <param name="WholeEpisodes">Whether whole episodes are drawn rather than single transitions.</param>
    /// <param name="UpdateEvery">Environment steps per update, at least 1.</param>
    /// <param name="WarmUp">Environment steps before the steps of the first update begin to count, at least 0.</param>
    /// <param name="KeepsStates">Whether the learner looks at global states: if not, they are not stored.</param>
    public ReplayDescription(long Capacity, int Batch, bool WholeEpisodes, long UpdateEvery, long WarmUp, bool KeepsStates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(UpdateEvery, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(WarmUp);
        this.Capacity = Capacity;
        this.Batch = Batch;
        this.WholeEpisodes = WholeEpisodes;
        this.UpdateEvery = UpdateEvery;
        this.WarmUp = WarmUp;
        this.KeepsStates = KeepsStates;
    }

    /// <summary>Transitions that are kept.</summary>
    public long Capacity { get; }

    /// <summary>Transitions, or whole episodes, per update.</summary>
    public int Batch { get; }

    /// <summary>Whether whole episodes are drawn rather than single transitions.</summary>
    public bool WholeEpisodes { get; }

    /// <summary>Environment steps per update.</summary>
    public long UpdateEvery { get; }

    /// <summary>Environment steps before the steps of the first update begin to count.</summary>
    public long WarmUp { get; }

    /// <summary>Whether global states are stored.</summary>
    public bool KeepsStates { get; }
}

/// <summary>One drawn transition or episode.</summary>
/// <param name="Iteration">The iteration in which it was played.</param>
/// <param name="Copy">Global index of the copy that played it.</param>
/// <param name="Step">Step within the episode; 0 for a whole episode.</param>
public readonly record struct ReplayPick(long Iteration, int Copy, int Step);
