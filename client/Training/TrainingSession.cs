using Madrl.Client;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Training;

/// <summary>Watches a run to its end: live display, interruption, summary. The same for a run in this process and one on a silo.</summary>
/// <param name="client">The connection to the run.</param>
/// <param name="interruption">Ctrl-C: stops a run of this process, and leaves one on a silo.</param>
/// <param name="json">Whether the caller reads NDJSON.</param>
internal sealed class TrainingSession(IMadrlClient client, Interruption interruption, bool json)
{
    /// <summary>How often the status is asked for between two events.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Watches a run. What goes wrong is reported here, because here the run is known.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="place">Where it lives.</param>
    /// <param name="verb">What is being done, for the first line.</param>
    /// <param name="after">Sequence of the last event that is not to be shown.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string run, RunPlace place, string verb, long after)
    {
        try
        {
            var view = new RunView(await client.GetAsync(run), place);
            var display = RunDisplays.Choose(view, json);
            interruption.Notify = display.Notice;
            interruption.Ending = display.Abandon;
            display.Notice($"{verb} {run} in {place.Text}");
            return await RunAsync(view, display, after);
        }
        catch (Exception error)
        {
            return Errors.Report(error, json, run);
        }
    }

    private async Task<int> RunAsync(RunView view, IRunDisplay display, long after)
    {
        var left = false;
        await display.ShowAsync(async () => left = !await FollowAsync(view, display, after));
        if (left)
        {
            display.Notice($"detached: {view.Run.Run} goes on in {view.Place.Text}; come back with");
            display.Notice($"  {NextCommands.Attach(view)}");
            return ExitCodes.Interrupted;
        }

        view.Take(await client.GetAsync(view.Run.Run));
        switch (view.Run.Phase)
        {
            case "finished":
                if (view.Summary is null) await FindSummaryAsync(view);
                display.Finished(view.Summary ?? throw new RunFailedException("The run's metrics have no 'finished' event: delete its summary.json and resume it."));
                return ExitCodes.Ok;
            case "stopped" or "suspended":
                display.Notice($"saved: {view.Committed}; go on with");
                display.Notice($"  {NextCommands.Resume(view)}");
                return ExitCodes.Interrupted;
            case "failed":
                throw new RunFailedException($"{view.Run.Error} ({view.Committed})");
            default:
                throw new RunFailedException($"The run ended in the middle of '{view.Run.Activity}' ({view.Committed}); resume it.");
        }
    }

    /// <returns>Whether the run has ended; otherwise it was left.</returns>
    private async Task<bool> FollowAsync(RunView view, IRunDisplay display, long after)
    {
        using var end = new CancellationTokenSource();
        var (watching, interrupting) = (WatchAsync(view, display, end.Token), InterruptAsync(view, end));
        try
        {
            await foreach (var message in client.FollowAsync(view.Run.Run, after, end.Token))
            {
                view.Take(message);
                if (message.Type is "evaluation" or "finished" && await TryGetAsync(view.Run.Run, end.Token) is { } report) view.Take(report);
                display.Tell(message);
            }

            return true;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            await end.CancelAsync();
            await watching;
            if (interruption.Requested.IsCompleted) await interrupting;
            display.Refresh();
        }
    }

    /// <summary>Keeps the display up to date between two events.</summary>
    private async Task WatchAsync(RunView view, IRunDisplay display, CancellationToken end)
    {
        using var timer = new PeriodicTimer(PollInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                if (await TryGetAsync(view.Run.Run, end) is not { } report) continue;
                view.Take(report);
                interruption.Committed = view.Place is RunPlace.Local ? view.Committed : "the run goes on";
                display.Refresh();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Whoever follows the events tells that the silo is silent, and waits for it.</summary>
    private async Task<RunReport?> TryGetAsync(string run, CancellationToken end)
    {
        try
        {
            return await client.GetAsync(run, end);
        }
        catch (SiloUnreachableException)
        {
            return null;
        }
    }

    private async Task InterruptAsync(RunView view, CancellationTokenSource end)
    {
        await interruption.Requested;
        if (end.IsCancellationRequested) return;
        if (view.Place is RunPlace.Silo) await end.CancelAsync();
        else await client.StopAsync(view.Run.Run);
    }

    private async Task FindSummaryAsync(RunView view)
    {
        await foreach (var message in client.FollowAsync(view.Run.Run))
        {
            if (message.Type == "finished") view.Take(message);
        }
    }
}
