using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Simulation.Links;
using Madrl.Simulation.Storage;

namespace Madrl.Simulation.Cluster;

/// <summary>
/// Whoever is outside: a reminder that the run goes on, and somebody who now and then stops it and resumes it later.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="run">The run.</param>
/// <param name="states">Whether it was stopped stands here.</param>
/// <param name="reminder">The run's reminder.</param>
internal sealed class Operator(SimulatedCluster cluster, RunSpecification run, RunStates states, ReminderRow reminder)
{
    private readonly Calls<RunHost> _calls = new(cluster, cluster.Outside, new RoleKey(RoleKind.Run));
    private readonly string _specification = run.ToJson();
    private TimeSpan _resumes;

    /// <summary>Begins.</summary>
    public void Begin() => cluster.Outside.Turns.Post(TendAsync);

    /// <summary>Stops the run; it is resumed after a time.</summary>
    public void Stop(TimeSpan until)
    {
        _resumes = cluster.Scheduler.Now + until;
        cluster.Outside.Turns.Post(() => Ignore(_calls.TellAsync("stop", null, member => member.StopAsync(), interleaves: true)));
    }

    private async void TendAsync()
    {
        try
        {
            await TendOnceAsync();
        }
        catch (Exception error) when (MayHappen(error))
        {
        }

        cluster.Scheduler.After(IRunReminder.Period, "operator", () => cluster.Outside.Turns.Post(TendAsync));
    }

    private async Task TendOnceAsync()
    {
        var isStopped = states.Stored is { } stored && Copies.FromJson<RunState>(stored.Json)!.Phase == RunPhase.Stopped;
        if (isStopped && cluster.Scheduler.Now >= _resumes)
            await _calls.TellAsync("start", null, member => member.StartAsync(_specification), interleaves: true);
        else if (cluster.Scheduler.Now >= reminder.Due) await _calls.TellAsync("remind", null, member => member.RemindAsync(), interleaves: true);
    }

    /// <summary>What a disturbed cluster answers to somebody outside; he asks again.</summary>
    private static bool MayHappen(Exception error) =>
        error is UnavailableException or RunUnavailableException or TimeoutException or StaleEpochException;

    private static async void Ignore(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception error) when (MayHappen(error))
        {
        }
    }
}
