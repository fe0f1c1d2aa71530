using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Simulation.Cluster;

/// <summary>What an activation of the run holds: the loop, and the timer that ticks it.</summary>
/// <param name="activation">The activation.</param>
/// <param name="cluster">Its cluster.</param>
/// <param name="loop">The loop.</param>
/// <param name="stopping">Cancelled when the activation ends.</param>
internal sealed class RunHost(Activation activation, SimulatedCluster cluster, RunLoop loop, CancellationTokenSource stopping) : IAsyncDisposable
{
    /// <summary>Starts the run, or resumes it.</summary>
    public async Task StartAsync(string specification)
    {
        if (await loop.StartAsync(specification)) BeginToTick();
    }

    /// <summary>Goes on with a run that nobody ended, wherever this is now.</summary>
    public async Task RemindAsync()
    {
        if (await loop.RemindAsync()) BeginToTick();
        else if (loop.IsAtRest) activation.Retire();
    }

    /// <summary>Asks the run to stop.</summary>
    public async Task StopAsync()
    {
        if (await loop.StopAsync()) BeginToTick();
    }

    /// <summary>The activation ends: no more ticks.</summary>
    public ValueTask DisposeAsync()
    {
        stopping.Cancel();
        return ValueTask.CompletedTask;
    }

    private void BeginToTick() => activation.Party.Turns.Post(TickAsync);

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
        catch (Exception error) when (error is UnavailableException or RunUnavailableException)
        {
            // The timer of a grain logs it and is not set again; a reminder comes back to the run.
        }
    }
}
