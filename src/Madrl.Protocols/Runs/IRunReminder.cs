namespace Madrl.Protocols.Runs;

/// <summary>
/// What wakes an unfinished run of a cluster after its silo was lost: whoever has the run's reminder then calls the run, which so
/// comes to life on another silo. All throw <see cref="UnavailableException"/> where the storage of reminders does not answer.
/// </summary>
public interface IRunReminder
{
    /// <summary>How often a run is reminded: at most so long it lies still after its silo was found to be lost.</summary>
    static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a run is reminded that was stopped or has failed. Not never: where another silo resumes the run just then, and the
    /// one that lets it rest is lost before it has seen that, the run still goes on.
    /// </summary>
    static readonly TimeSpan RelaxedPeriod = TimeSpan.FromHours(1);

    /// <summary>From now on the run is reminded every <see cref="Period"/>.</summary>
    Task SetAsync();

    /// <summary>From now on it is reminded every <see cref="RelaxedPeriod"/>.</summary>
    Task RelaxAsync();

    /// <summary>The run is reminded no longer.</summary>
    Task RemoveAsync();
}
