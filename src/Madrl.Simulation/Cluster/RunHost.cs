using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Simulation.Cluster;

/// <summary>What an activation of the run holds: the loop, and the timer that ticks it.</summary>
/// <param name="activation">The activation.</param>
/// <param name="cluster">Its cluster.</param>
/// <param name="loop">The loop.</param>
/// <param name="stopping">Cancelled when the activation ends.</param>
internal sealed class RunHost(Activation activation, SimulatedCluster cluster, RunLoop loop, CancellationTokenSource stopping)
{
    /// <summary>Starts the run, or resumes it.</summary>
    public async Task StartAsync(string specification)
    {
        if (await loop.StartAsync(specification)) activation.Party.Turns.Post(TickAsync);
    }

    /// <summary>Goes on with the run unless somebody ended it: what a reminder asks for.</summary>
    public Task RemindAsync() => loop.IsUnfinished ? StartAsync(loop.State.Specification) : Task.CompletedTask;

    /// <summary>Asks the run to stop.</summary>
    public Task StopAsync()
    {
        loop.Stop();
        return Task.CompletedTask;
    }

    private async void TickAsync()
    {
        try
        {
            if (await loop.TickAsync() is { } pause) cluster.Scheduler.After(pause, activation.Name, () => activation.Party.Turns.Post(TickAsync));
        }
        catch (StaleEpochException)
        {
            await stopping.CancelAsync();
            activation.Retire();
        }
        catch (UnavailableException)
        {
            // The timer of a grain logs it and is not set again; a reminder comes back to the run.
        }
    }
}
