using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Protocols.Runs;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Training;

/// <summary>Trains a run to its end in this process: silo, live display, interruption, summary.</summary>
internal static class TrainingSession
{
    /// <summary>How often the status is asked for between two events.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Trains, or goes on training. What goes wrong is reported here, because here the run is known.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="outDirectory">The folder of run folders as the user named it, for the commands that are suggested.</param>
    /// <param name="json">Whether the caller reads NDJSON.</param>
    /// <param name="resumed">Whether the run is an existing one.</param>
    /// <param name="interruption">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        RunFolder folder, string outDirectory, bool json, bool resumed, Interruption interruption)
    {
        try
        {
            using var held = RunLock.Acquire(folder);
            var view = new RunView(folder, outDirectory);
            var display = RunDisplays.Choose(view, json);
            interruption.Notify = display.Notice;
            display.Notice($"{(resumed ? "resuming" : "training")} {folder.Specification.Run} in {folder.Path}");
            return await RunAsync(view, display, interruption);
        }
        catch (Exception error)
        {
            return Errors.Report(error, json, folder.Specification.Run);
        }
    }

    private static async Task<int> RunAsync(RunView view, IRunDisplay display, Interruption interruption)
    {
        await using var silo = await EmbeddedSilo.StartAsync(view.Folder);
        var run = silo.Client.GetGrain<IRunGrain>(view.Run.Run);
        view.Take(await run.GetStatus());
        if (view.State.Phase != RunPhase.Finished || !File.Exists(view.Folder.SummaryPath))
        {
            if (interruption.Requested.IsCompleted) return Interrupted("stopped", view, display);
            await using var feed = await RunFeed.OpenAsync(silo.Client, view.Run.Run);
            await display.ShowAsync(() => FollowAsync(run, feed, view, display, interruption));
        }

        switch (view.State.Phase)
        {
            case RunPhase.Finished:
                display.Finished(RunSummary.Read(view.Folder.SummaryPath));
                return ExitCodes.Ok;
            case RunPhase.Stopped:
                return Interrupted("saved", view, display);
            case RunPhase.Failed:
                throw new RunFailedException($"{view.State.Error} ({view.Committed})");
            default:
                throw new RunFailedException(
                    $"The run ended in the middle of '{view.Status?.Activity}' ({view.Committed}); resume it.");
        }
    }

    private static async Task FollowAsync(
        IRunGrain run, RunFeed feed, RunView view, IRunDisplay display, Interruption interruption)
    {
        await run.Start(view.Run.ToJson());
        using var timer = new PeriodicTimer(PollInterval);
        var (tick, delivered, stopping) = (timer.WaitForNextTickAsync().AsTask(), feed.WaitAsync(), false);
        do
        {
            if (interruption.Requested.IsCompleted && !stopping)
            {
                stopping = true;
                await run.Stop();
            }

            await Task.WhenAny(stopping ? [tick, delivered] : [tick, delivered, interruption.Requested]);
            if (tick.IsCompleted) tick = timer.WaitForNextTickAsync().AsTask();
            view.Take(await run.GetStatus());
            interruption.Committed = view.Committed;
            Tell(await feed.TakeAsync(), view, display);
            if (delivered.IsCompleted) delivered = feed.WaitAsync();
            display.Refresh();
        }
        while (view.Status!.Active);

        Tell(await feed.TakeRestAsync(), view, display);
        display.Refresh();
    }

    private static void Tell(IReadOnlyList<EventMessage> events, RunView view, IRunDisplay display)
    {
        foreach (var message in events)
        {
            view.Take(message);
            display.Tell(message);
        }
    }

    private static int Interrupted(string how, RunView view, IRunDisplay display)
    {
        display.Notice($"{how}: {view.Committed}; go on with");
        display.Notice($"  {NextCommands.Resume(view)}");
        return ExitCodes.Interrupted;
    }
}
