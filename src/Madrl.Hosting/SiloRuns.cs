using Madrl.Client;
using Madrl.Grains;
using Madrl.Grains.Abstractions;
using Madrl.Hosting.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Madrl.Hosting;

/// <summary>
/// What a silo does with its runs when it starts and stops: goes on with those that a silo or process before it did not finish
/// (in a cluster, reminders do), and saves those that have a grain here before anything is shut down.
/// </summary>
/// <param name="runs">The runs of this silo.</param>
/// <param name="reminders">What resumes the runs of a cluster.</param>
/// <param name="client">The client inside the silo.</param>
/// <param name="grains">The grains.</param>
/// <param name="silo">This silo.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Names the runs that cannot go on.</param>
public sealed partial class SiloRuns(
    RunDirectory runs, RunReminders reminders, IMadrlClient client, IGrainFactory grains, ILocalSiloDetails silo, TimeProvider time, ILogger<SiloRuns> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the silo has started and its unfinished runs go on.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Whether the silo is stopping.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Ids of the runs that went on when the silo started.</summary>
    public IReadOnlyList<string> Resumed { get; private set; } = [];

    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var resumed = new List<string>();
        var unfinished = reminders.Exist ? [] : RunFiles.List(runs.Path).Where(run => run.State is "new" or "suspended" or "interrupted");
        foreach (var run in unfinished)
        {
            try
            {
                await client.ResumeAsync(run.Run, cancellationToken: cancellationToken);
                resumed.Add(run.Run);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // One run that cannot go on is no reason to keep the others waiting.
                LogNotResumed(run.Run, error.Message);
            }
        }

        (Resumed, HasStarted) = (resumed, true);
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsStopping = true;
        // Until none is left: a run may still be started while the others are being saved.
        while ((await Task.WhenAll((await RunsHereAsync()).Select(SuspendAsync))).Any(active => active))
            await Task.Delay(PollInterval, time, cancellationToken);
    }

    /// <summary>The runs that have a grain on this silo, whatever kind: without it, they could not go on.</summary>
    private async Task<IEnumerable<string>> RunsHereAsync()
    {
        var active = await grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(hostsIds: [silo.SiloAddress]);
        var ours = typeof(RunGrain).Namespace!;
        return active.Where(grain => grain.GrainType.StartsWith(ours, StringComparison.Ordinal))
            .Select(grain => GrainKeys.RunOf(grain.GrainId.Key.ToString()!)).Where(run => run != IRunCatalogGrain.Key).Distinct();
    }

    /// <returns>Whether the run still trains.</returns>
    private async Task<bool> SuspendAsync(string run)
    {
        try
        {
            var grain = grains.GetGrain<IRunGrain>(run);
            await grain.Suspend();
            return (await grain.GetStatus()).Active;
        }
        catch (Exception error)
        {
            // One run that cannot be saved is no reason to lose the others.
            LogNotSaved(run, error.Message);
            return false;
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {Run} could not be saved: {Reason}")]
    private partial void LogNotSaved(string run, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {Run} does not go on: {Reason}")]
    private partial void LogNotResumed(string run, string reason);
}
