using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Runs;

/// <summary>Who acts in an evaluation.</summary>
public enum Player : byte
{
    /// <summary>The agents, greedily.</summary>
    Agents,

    /// <summary>The random policy.</summary>
    Random,

    /// <summary>The game's scripted policy.</summary>
    Scripted,
}

/// <summary>What an iteration's collection gave.</summary>
/// <param name="Steps">Environment steps taken.</param>
public sealed record Collected(long Steps);

/// <summary>What opening the team gave.</summary>
/// <param name="Damaged">Null, or why the checkpoint cannot be used: nothing was opened then.</param>
/// <param name="Device">What the learner computes on.</param>
/// <param name="Accelerator">The accelerator that it learns on; null for a processor.</param>
public sealed record Opened(string? Damaged, string Device, string? Accelerator);

/// <summary>What an iteration of learning gave, beside the weights that are already installed.</summary>
/// <param name="Measured">Losses, norms, entropy by name.</param>
/// <param name="Updates">Optimiser steps so far.</param>
/// <param name="NonFinite">Null, or what became infinite or NaN: then nothing was installed.</param>
public sealed record Learned(IReadOnlyDictionary<string, double> Measured, long Updates, string? NonFinite);

/// <summary>What saving gave: a full disk is an answer, not a failed call.</summary>
/// <param name="Saved">What was written; null if it could not be.</param>
/// <param name="Failure">Why it could not be written.</param>
public sealed record SaveOutcome<T>(T? Saved, string? Failure)
    where T : class;

/// <summary>The run's team of roles, wherever they live. Every call may be repeated with the same ticket.</summary>
public interface IRunTeam
{
    /// <summary>Opens all roles for an epoch at a barrier, from a checkpoint or (null) fresh, and installs the weights.</summary>
    /// <exception cref="AcceleratorUnavailableException">The learner must have an accelerator, and there is none.</exception>
    Task<Opened> OpenAsync(Ticket ticket, Checkpoint? from, bool? onAccelerator);

    /// <summary>Plays one episode in every copy and hands the rollouts to the learner.</summary>
    Task<Collected> CollectAsync(Ticket ticket);

    /// <summary>Learns from them; the weights for the next iteration are installed when it completes.</summary>
    Task<Learned> LearnAsync(Ticket ticket, double progress);

    /// <summary>Returns of an episode set, in episode order.</summary>
    Task<IReadOnlyList<double>> EvaluateAsync(Ticket ticket, Player player, EpisodeSet set, int episodes);

    /// <summary>Writes the files of a checkpoint of the present barrier.</summary>
    Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket);

    /// <summary>Frees what the roles hold: the run has ended or stopped.</summary>
    Task CloseAsync(Ticket ticket);
}

/// <summary>The run's control state in storage.</summary>
public interface IRunJournal
{
    /// <summary>The state; changed in place, then written.</summary>
    RunState State { get; }

    /// <summary>Reads the state again: after a write whose outcome is not known, only storage knows it.</summary>
    /// <exception cref="UnavailableException">The storage does not answer.</exception>
    Task ReadAsync();

    /// <summary>Writes the state if nobody else has written since it was read.</summary>
    /// <exception cref="IOException">The storage cannot take it.</exception>
    /// <exception cref="StaleEpochException">Somebody else wrote: this opening of the run is superseded.</exception>
    /// <exception cref="UnavailableException">The storage does not answer; whether it was written is not known.</exception>
    Task WriteAsync();
}

/// <summary>Where a run tells what happens.</summary>
public interface IRunReporter
{
    /// <summary>Opens the report at a barrier: what a lost epoch reported beyond it is forgotten.</summary>
    Task OpenAsync(Ticket ticket);

    /// <summary>One event.</summary>
    Task ReportAsync(Ticket ticket, RunEvent happened);

    /// <summary>Makes everything reported so far durable.</summary>
    Task FlushAsync(Ticket ticket);
}
