using Orleans.Runtime;
using Orleans.Timers;

namespace Madrl.Grains;

/// <summary>
/// Reminders by which the unfinished runs of a cluster go on after their silo was lost: whoever has a run's reminder then
/// calls the run, which so comes to life on another silo. A silo on its own has none: it looks after its runs when it starts.
/// </summary>
/// <param name="registry">The cluster's reminders; null where there are none.</param>
public sealed class RunReminders(IReminderRegistry? registry)
{
    /// <summary>
    /// How often a run is reminded: at most so long it lies still after its silo was found to be lost. Runs that were stopped or have
    /// failed are reminded too, and cost an activation and a reading of their state each time, until they finish or are deleted.
    /// </summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private const string Name = "resume";

    /// <summary>Whether there are any.</summary>
    public bool Exist => registry is not null;

    /// <summary>From now on the run is reminded.</summary>
    public Task SetAsync(GrainId run) => registry?.RegisterOrUpdateReminder(run, Name, Period, Period) ?? Task.CompletedTask;

    /// <summary>The run has ended: it is reminded no longer.</summary>
    public async Task RemoveAsync(GrainId run)
    {
        if (registry is not null && await registry.GetReminder(run, Name) is { } reminder) await registry.UnregisterReminder(run, reminder);
    }
}
