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

    /// <inheritdoc/>
    RunState IRunJournal.State => state.State;

    /// <inheritdoc/>
    public Task Start(string specification)
    {
        if (state.State.Specification.Length == 0) state.State.Specification = specification;
        if (state.State.Specification != specification)
            throw new ArgumentException("The run was started with another specification; start a new run instead.", nameof(specification));
        if (_timer is not null) return Task.CompletedTask;

        var run = RunSpecification.FromJson(specification);
        var game = GameCatalog.Find(run.Task).Create(1, run.Rules, run.Game).Spec;
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
            status.Committed, status.Error, JsonSerializer.Serialize(state.State), calls.Calls, calls.Bytes,
            Active: _timer is not null));
    }

    /// <inheritdoc/>
    async Task IRunJournal.WriteAsync()
    {
        try
        {
            await state.WriteStateAsync(_stopping.Token);
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
