using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Grains.Links;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace Madrl.Grains;

/// <summary>
/// A run. Its loop is a keep-alive timer: one tick, one iteration. The logic is <see cref="RunLoop"/>'s; this class
/// gives it storage, the team as grains, and the clock.
/// </summary>
[RunPlacement, MayInterleave(nameof(IsReminder))]
public sealed partial class RunGrain(
    [PersistentState("run")] IPersistentState<RunState> state, ICheckpointStore store, IRunArchive archive, CallCounter calls,
    RunReminders reminders, TimeProvider time, ILogger<RunGrain> logger)
    : Grain, IRunGrain, IRemindable
{
    private readonly CancellationTokenSource _stopping = new();
    private RunLoop _loop = null!;
    private IGrainTimer? _timer;

    private PersistentJournal Journal => new(state, _stopping.Token);

    /// <summary>A reminder need not wait for the iteration under way, which may take longer than a reminder's call.</summary>
    public static bool IsReminder(IInvokable request) => request.GetInterfaceType() == typeof(IRemindable);

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var reminder = reminders.Of(this.GetGrainId());
        try
        {
            var specification = state.State.Specification.Length > 0
                ? RunSpecification.FromJson(state.State.Specification) : await archive.OpenAsync(key);
            _loop = new RunLoop(key, specification, Journal, archive, reminder, Machine);
        }
        catch (UnknownRunException)
        {
            // A reminder that was being set while the run was deleted would come back for ever.
            if (reminder is not null) await reminder.RemoveAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task Start(string specification, bool? onAccelerator)
    {
        if (await _loop.StartAsync(Read(specification).ToJson(), onAccelerator)) BeginToTick();
    }

    /// <summary>Goes on with a run whose silo was lost or stopped, wherever this is now.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (await _loop.RemindAsync()) BeginToTick();

        // Whatever this activation has read, another may have written since: the next reminder reads it again.
        else if (_loop.IsAtRest) DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task Stop()
    {
        if (await _loop.StopAsync()) BeginToTick();
    }

    /// <inheritdoc/>
    public Task Suspend()
    {
        _loop.Suspend();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Delete()
    {
        await _loop.DeleteAsync(DeleteAsync);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<StatusReply> GetStatus()
    {
        var run = RunSpecification.FromJson(_loop.State.Specification);
        var game = run.CreateGame(1).Spec;
        var schedule = new RunSchedule(run, game.EpisodeLimit);
        var status = _loop.Status(schedule);
        return Task.FromResult(new StatusReply(
            status.Phase, status.Activity, status.Iteration, status.Iterations, status.EnvironmentSteps, status.Updates, status.Seconds,
            status.Committed, status.Error, _loop.Written, calls.Calls, calls.Bytes, !_loop.IsAtRest,
            [.. game.Agents.Select(agent => agent.Name)], game.ReturnScale, schedule.StepsPerIteration));
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return _stopping.CancelAsync();
    }

    private async Task DeleteAsync()
    {
        var key = this.GetPrimaryKeyString();
        await GrainFactory.GetGrain<IMetricsGrain>(key).Forget();
        await Task.WhenAll(Enumerable.Range(0, CountAgents()).Select(agent => GrainFactory.GetGrain<IAgentGrain>(GrainKeys.Agent(key, agent)).Forget()));

        // The policies and last results of its team stay in the memory of silos for a while, and a run of the same id would meet them.
        await Task.Delay(RunIds.UntilPast(key, time), time);
        await archive.DeleteAsync(key);
        await Journal.ClearAsync();
    }

    /// <summary>Agents that may be in memory: none of a game that is not loaded, or no longer what it was.</summary>
    private int CountAgents()
    {
        try
        {
            return RunSpecification.FromJson(_loop.State.Specification).CreateGame(1).Spec.Agents.Count;
        }
        catch (RunUnavailableException)
        {
            return 0;
        }
    }

    private void BeginToTick() => _timer = this.RegisterGrainTimer(
        TickAsync, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });

    private RunMachine Machine(RunSpecification run, IRunJournal journal)
    {
        var game = run.CreateGame(1).Spec;
        var reporter = new RunReporter(
            run.Run, new MetricsLink(GrainFactory.GetGrain<IMetricsGrain>(run.Run)),
            () => new Dictionary<string, object?> { ["calls"] = calls.Calls, ["messagesBytes"] = calls.Bytes });
        return new RunMachine(
            run, game, journal, new RunTeam(new TeamLinks(GrainFactory, run.Run), run, game.Agents.Count, _stopping.Token), reporter, store, time,
            opener: GrainContext.ActivationId.ToString());
    }

    private RunSpecification Read(string specification)
    {
        try
        {
            var run = RunSpecification.FromJson(specification);
            var key = this.GetPrimaryKeyString();
            return run.Run == key ? run
                : throw new ArgumentException($"The specification is of the run '{run.Run}', not of '{key}'.", nameof(specification));
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"The specification cannot be read: {error.Message}", nameof(specification), error);
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var activity = Instrumentation.Activities.StartActivity("iteration");
        TimeSpan? due = null;

        // Once the loop has ended, a start may put another timer in its place.
        var timer = _timer!;
        try
        {
            due = await _loop.TickAsync();
        }
        catch (StaleEpochException error)
        {
            LogSuperseded(error);
            DeactivateOnIdle();
        }

        if (due is { } pause && !cancellationToken.IsCancellationRequested) timer.Change(pause, Timeout.InfiniteTimeSpan);
        else timer.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This activation of the run stops: another has taken over")]
    private partial void LogSuperseded(Exception error);
}
