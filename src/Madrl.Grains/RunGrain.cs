using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Madrl.Grains;

/// <summary>
/// A run. Its loop is a keep-alive timer: one tick, one iteration. The logic is <see cref="RunMachine"/>'s; this class
/// gives it storage, the team as grains, and the clock.
/// </summary>
[RunPlacement]
public sealed partial class RunGrain(
    [PersistentState("run")] IPersistentState<RunState> state, ICheckpointStore store, IRunArchive archive, CallCounter calls,
    TimeProvider time, ILogger<RunGrain> logger)
    : Grain, IRunGrain, IRunJournal
{
    private readonly CancellationTokenSource _stopping = new();
    private RunMachine? _machine;
    private RunTeam? _team;
    private IGrainTimer? _timer;
    private bool _startAgain;
    private string _written = "";

    /// <inheritdoc/>
    RunState IRunJournal.State => state.State;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // A run that was made but never opened has no state yet.
        if (state.State.Specification.Length == 0)
            state.State.Specification = (await archive.OpenAsync(this.GetPrimaryKeyString())).ToJson();
        _written = JsonSerializer.Serialize(state.State);
    }

    /// <inheritdoc/>
    public Task Start(string specification)
    {
        if (state.State.Specification != specification)
            throw new ArgumentException("The run was started with another specification; start a new run instead.", nameof(specification));
        if (_timer is not null)
        {
            // Whoever resumes a run that is about to stop wants it to go on.
            _startAgain = _machine!.IsEnding;
            return Task.CompletedTask;
        }

        if (state.State.Phase == RunPhase.Finished && archive.HasSummary(this.GetPrimaryKeyString())) return Task.CompletedTask;

        var run = Read(specification);
        var game = run.CreateGame(1).Spec;
        _team = new RunTeam(GrainFactory, run, game.Agents.Count, _stopping.Token);
        _machine = new RunMachine(
            run, game, this, _team, new RunReporter(GrainFactory, run.Run, calls), store, time);
        _timer = this.RegisterGrainTimer(
            TickAsync, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Stop()
    {
        _startAgain = false;
        _machine?.RequestStop();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Suspend()
    {
        _startAgain = false;
        _machine?.RequestSuspend();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Forget()
    {
        var key = this.GetPrimaryKeyString();
        if (_timer is not null) throw new RunUnavailableException($"Run {key} is in training: stop it first.");
        await GrainFactory.GetGrain<IMetricsGrain>(key).Forget();
        var agents = RunSpecification.FromJson(state.State.Specification).CreateGame(1).Spec.Agents.Count;
        await Task.WhenAll(Enumerable.Range(0, agents).Select(agent => GrainFactory.GetGrain<IAgentGrain>(GrainKeys.Agent(key, agent)).Forget()));
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<StatusReply> GetStatus()
    {
        var run = RunSpecification.FromJson(state.State.Specification);
        var game = run.CreateGame(1).Spec;
        var schedule = new RunSchedule(run, game.EpisodeLimit);
        var status = _machine?.Status ?? Stored(schedule);
        return Task.FromResult(new StatusReply(
            status.Phase, status.Activity, status.Iteration, status.Iterations, status.EnvironmentSteps, status.Updates, status.Seconds,
            status.Committed, status.Error, _written, calls.Calls, calls.Bytes, Active: _timer is not null,
            [.. game.Agents.Select(agent => agent.Name)], game.ReturnScale, schedule.StepsPerIteration));
    }

    /// <summary>The status of a run that was not opened in this activation.</summary>
    private RunStatus Stored(RunSchedule schedule)
    {
        var last = state.State.Checkpoints.LastOrDefault();
        var iteration = last?.Iteration ?? 0;
        return new RunStatus(
            state.State.Phase, "", iteration, schedule.Iterations, iteration * schedule.StepsPerIteration, last?.Updates ?? 0,
            last?.Seconds ?? 0, last?.Iteration, state.State.Error);
    }

    /// <inheritdoc/>
    async Task IRunJournal.WriteAsync()
    {
        try
        {
            // What a status shows is what is stored, not what is about to be.
            var writing = JsonSerializer.Serialize(state.State);
            await state.WriteStateAsync(_stopping.Token);
            _written = writing;
        }
        catch (InconsistentStateException)
        {
            throw new StaleEpochException(state.State.Epoch, state.State.Epoch + 1);
        }
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return _stopping.CancelAsync();
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
        var goesOn = false;
        try
        {
            goesOn = await _machine!.StepAsync() && !cancellationToken.IsCancellationRequested;
        }
        catch (StaleEpochException error)
        {
            LogSuperseded(error);
            DeactivateOnIdle();
        }
        finally
        {
            // Whatever ended the loop, the status must show that it has ended: somebody waits for it.
            if (goesOn)
            {
                _timer!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
            else
            {
                _timer?.Dispose();
                _timer = null;
            }
        }

        if (_timer is not null || !_startAgain) return;
        _startAgain = false;
        await Start(state.State.Specification);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This activation of the run stops: another has taken over")]
    private partial void LogSuperseded(Exception error);
}
