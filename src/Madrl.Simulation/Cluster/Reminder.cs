using Madrl.Protocols.Runs;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Cluster;

/// <summary>The run's reminder, as all silos know it.</summary>
/// <param name="scheduler">Whose time it is.</param>
internal sealed class Reminder(Scheduler scheduler) : IRunReminder
{
    private TimeSpan? _due = TimeSpan.Zero;

    /// <summary>Whether it fires now.</summary>
    public bool IsDue => scheduler.Now >= _due;

    public Task SetAsync()
    {
        // The operator looks every period.
        _due = TimeSpan.Zero;
        return Task.CompletedTask;
    }

    public Task RelaxAsync()
    {
        _due = scheduler.Now + IRunReminder.RelaxedPeriod;
        return Task.CompletedTask;
    }

    public Task RemoveAsync()
    {
        _due = null;
        return Task.CompletedTask;
    }
}
