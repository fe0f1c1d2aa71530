using Madrl.Protocols.Runs;
using Madrl.Simulation.Storage;

namespace Madrl.Simulation.Cluster;

/// <summary>When the run is reminded next, as it is stored.</summary>
internal sealed class ReminderRow
{
    /// <summary>Virtual time; null for never.</summary>
    public TimeSpan? Due { get; set; } = TimeSpan.Zero;
}

/// <summary>The run's reminder as one activation uses it.</summary>
/// <param name="row">What is stored.</param>
/// <param name="disk">The way to storage, which has a clock.</param>
/// <param name="who">The activation.</param>
internal sealed class Reminder(ReminderRow row, Disk disk, Party who) : IRunReminder
{
    /// <summary>The operator looks every period.</summary>
    public Task SetAsync() => WriteAsync("set reminder", () => TimeSpan.Zero);

    public Task RelaxAsync() => WriteAsync("relax reminder", () => disk.Scheduler.Now + IRunReminder.RelaxedPeriod);

    public Task RemoveAsync() => WriteAsync("remove reminder", () => null);

    private Task WriteAsync(string what, Func<TimeSpan?> due) => disk.WriteAsync(who, what, () => row.Due = due());
}
