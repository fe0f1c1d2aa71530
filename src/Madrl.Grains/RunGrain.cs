using System.Text.Json;
using Madrl.Environments;
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
public sealed partial class RunGrain(
    [PersistentState("run")] IPersistentState<RunState> state, ICheckpointStore store, CallCounter calls, TimeProvider time, ILogger<RunGrain> logger)
    : Grain, IRunGrain, IRunJournal
{
    private readonly CancellationTokenSource _stopping = new();
    private RunMachine? _machine;
    private RunTeam? _team;
    private IGrainTimer? _timer;
    private string _written = "";

    /// <inheritdoc/>
    RunState IRunJournal.State => state.State;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _written = JsonSerializer.Serialize(state.State);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Start(string specification)
    {
        if (state.State.Specification.Length > 0 && state.State.Specification != specification)
            throw new ArgumentException("The run was started with another specification; start a new run instead.", nameof(specification));
        if (_timer is not null) return Task.CompletedTask;

        var run = Read(specification);
        var game = GameCatalog.Find(run.Task).Create(1, run.Rules, run.Game).Spec;
        state.State.Specification = specification;
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
        _machine?.RequestStop();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<StatusReply> GetStatus()
    {
        var status = _machine?.Status ?? new RunStatus(state.State.Phase, "", 0, 0, 0, 0, 0, null, state.State.Error);
        return Task.FromResult(new StatusReply(
            status.Phase, status.Activity, status.Iteration, status.Iterations, status.EnvironmentSteps, status.Updates, status.Seconds,
            status.Committed, status.Error, _written, calls.Calls, calls.Bytes, Active: _timer is not null));
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
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This activation of the run stops: another has taken over")]
    private partial void LogSuperseded(Exception error);
}
