namespace Madrl.Protocols.Runs;

/// <summary>Where a run stands.</summary>
public enum RunPhase : byte
{
    /// <summary>Not started.</summary>
    None,

    /// <summary>In training.</summary>
    Running,

    /// <summary>Stopped at a checkpoint; can be resumed.</summary>
    Stopped,

    /// <summary>All steps done.</summary>
    Finished,

    /// <summary>Ended by an error that resuming alone does not cure.</summary>
    Failed,

    /// <summary>Saved because its silo stopped; goes on by itself when a silo starts again.</summary>
    Suspended,
}

/// <summary>Mean return over a set of episodes, with half the width of its 95 % confidence interval.</summary>
/// <param name="Mean">Mean of the episodes' returns.</param>
/// <param name="Ci95">1.96 standard errors.</param>
public sealed record ReturnEstimate(double Mean, double Ci95)
{
    /// <summary>The estimate from single returns.</summary>
    public static ReturnEstimate From(IReadOnlyCollection<double> returns)
    {
        ArgumentNullException.ThrowIfNull(returns);
        var mean = returns.Average();
        var variance = returns.Count > 1 ? returns.Sum(value => (value - mean) * (value - mean)) / (returns.Count - 1) : 0;
        return new ReturnEstimate(mean, 1.96 * Math.Sqrt(variance / returns.Count));
    }
}

/// <summary>A committed checkpoint.</summary>
/// <param name="Iteration">Iterations completed.</param>
/// <param name="Updates">Optimiser steps taken.</param>
/// <param name="Seconds">Time spent training.</param>
/// <param name="Evaluation">Return of the policies in it.</param>
/// <param name="WeightsHash">Hash of the policies in it.</param>
/// <param name="Files">Its files.</param>
public sealed record Checkpoint(
    long Iteration, long Updates, double Seconds, ReturnEstimate Evaluation, string WeightsHash, IReadOnlyList<CheckpointFile> Files);

/// <summary>
/// The control state of a run: what the run's grain keeps. Naming an iteration in <see cref="Checkpoints"/> by one
/// conditional write is what commits a checkpoint.
/// </summary>
public sealed class RunState
{
    /// <summary>The run's specification as canonical JSON; empty before the start.</summary>
    public string Specification { get; set; } = "";

    /// <summary>Times that the run was opened.</summary>
    public long Epoch { get; set; }

    /// <summary>The activation that opened it last.</summary>
    public string Opener { get; set; } = "";

    /// <summary>
    /// Whether it learns on an accelerator; null before it was decided by what the cluster had. It stays with that: another
    /// device would give other bits.
    /// </summary>
    public bool? OnAccelerator { get; set; }

    /// <summary>Where the run stands.</summary>
    public RunPhase Phase { get; set; }

    /// <summary>What went wrong, in the phase <see cref="RunPhase.Failed"/>.</summary>
    public string? Error { get; set; }

    /// <summary>The committed checkpoints that are kept, oldest first: the best one and the last two.</summary>
    public List<Checkpoint> Checkpoints { get; set; } = [];

    /// <summary>Test return of the random policy.</summary>
    public ReturnEstimate? Random { get; set; }

    /// <summary>Test return of the scripted policy.</summary>
    public ReturnEstimate? Scripted { get; set; }

    /// <summary>Test return of the final policies, once finished.</summary>
    public ReturnEstimate? Final { get; set; }

    /// <summary>The best committed checkpoint; null before the first.</summary>
    public Checkpoint? Best() => Checkpoints.MaxBy(checkpoint => checkpoint.Evaluation.Mean);
}
