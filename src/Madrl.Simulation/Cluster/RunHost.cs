using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Simulation.Cluster;

/// <summary>What an activation of the run holds: the loop, and the timer that ticks it.</summary>
/// <param name="activation">The activation.</param>
/// <param name="cluster">Its cluster.</param>
/// <param name="loop">The loop.</param>
/// <param name="reminder">The run's reminder.</param>
/// <param name="stopping">Cancelled when the activation ends.</param>
internal sealed class RunHost(
    Activation activation, SimulatedCluster cluster, RunLoop loop, Reminder reminder, CancellationTokenSource stopping) : IAsyncDisposable
{
    /// <summary>Starts the run, or resumes it.</summary>
    public async Task StartAsync(string specification)
    {
        if (!loop.IsActive) reminder.IsSet = true;
        if (!await loop.StartAsync(specification)) return;
        activation.Party.Turns.Post(TickAsync);
    }

    /// <summary>Goes on with a run that nobody ended, wherever this is now.</summary>
    public async Task RemindAsync()
    {
        if (loop.IsActive) return;
        if (await loop.IsUnfinishedAsync()) await StartAsync(loop.State.Specification);
        else if (loop.State.Phase == RunPhase.Finished) reminder.IsSet = false;
        else activation.Retire();
    }

    /// <summary>Asks the run to stop.</summary>
    public async Task StopAsync()
    {
        // As the grain does: a run that lies still after a loss would be woken by its reminder.
        if (!loop.IsActive && await loop.IsUnfinishedAsync()) await StartAsync(loop.State.Specification);
        loop.Stop();
    }

    /// <summary>The activation ends: no more ticks.</summary>
    public ValueTask DisposeAsync()
    {
        stopping.Cancel();
        return ValueTask.CompletedTask;
    }

    private async void TickAsync()
    {
        try
        {
            if (await loop.TickAsync() is { } pause && !stopping.IsCancellationRequested)
                cluster.Scheduler.After(pause, activation.Name, () => activation.Party.Turns.Post(TickAsync));
        }
        catch (StaleEpochException)
        {
            activation.Retire();
        }
        catch (UnavailableException)
        {
            // The timer of a grain logs it and is not set again; a reminder comes back to the run.
        }
    }
}

/// <summary>The run's reminder, as all silos know it.</summary>
internal sealed class Reminder
{
    /// <summary>Whether it fires.</summary>
    public bool IsSet { get; set; } = true;
}
