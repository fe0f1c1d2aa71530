using System.Text.Json;

namespace Madrl.Protocols.Runs;

/// <summary>
/// The life of a run's machine in one activation: begun by whoever starts or resumes the run, ticked by the activation's timer
/// until the run ends or is superseded. Calls may come at any time between two awaits of a tick; ticks do not overlap.
/// </summary>
public sealed class RunLoop : IRunJournal
{
    private readonly string _run;
    private readonly IRunJournal _journal;
    private readonly IRunReports _reports;
    private readonly string _specification;
    private readonly IRunReminder? _reminder;
    private readonly Func<RunSpecification, IRunJournal, RunMachine> _create;
    private RunMachine? _machine;
    private Task _turn = Task.CompletedTask;
    private bool _startAgain;
    private bool _isDeleted;

    /// <summary>The loop of an activation that has read the run's state.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="specification">What decides the run, for a run that was made but never opened.</param>
    /// <param name="journal">Its control state.</param>
    /// <param name="reports">Where its summary lies.</param>
    /// <param name="reminder">What wakes it after a loss; null on a silo on its own.</param>
    /// <param name="create">Makes a machine over the journal.</param>
    public RunLoop(
        string run, RunSpecification specification, IRunJournal journal, IRunReports reports, IRunReminder? reminder,
        Func<RunSpecification, IRunJournal, RunMachine> create)
    {
        ArgumentNullException.ThrowIfNull(specification);
        (_run, _specification, _journal, _reports, _reminder, _create) = (run, specification.ToJson(), journal, reports, reminder, create);
        Complete();
        Written = JsonSerializer.Serialize(State);
    }

    /// <inheritdoc/>
    public RunState State => _journal.State;

    /// <summary>The control state as it was written or read last, as JSON: what a status shows is what is stored.</summary>
    public string Written { get; private set; }

    /// <summary>Whether somebody ticks the loop, or will.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether nobody ended the run, or its end was never reported: an activation that finds it so goes on with it.</summary>
    public async Task<bool> IsUnfinishedAsync() =>
        State.Phase is RunPhase.None or RunPhase.Running or RunPhase.Suspended
        || (State.Phase == RunPhase.Finished && !await _reports.HasSummaryAsync(_run));

    /// <summary>Whether nothing is under way: the phase is final then, and the activation may end.</summary>
    public bool IsAtRest => !IsActive && _turn.IsCompleted;

    /// <summary>Starts the run, or resumes it.</summary>
    /// <param name="specification">The run's specification as canonical JSON; must be the one it was started with.</param>
    /// <param name="onAccelerator">Null to learn on what the run began with; else whether it learns on an accelerator from now on.</param>
    /// <returns>Whether the caller must begin to tick.</returns>
    /// <exception cref="ArgumentException">
    /// The specification is another than the run was started with, or the device is to change under a run in training.
    /// </exception>
    /// <exception cref="UnknownRunException">The run was deleted.</exception>
    /// <exception cref="RunUnavailableException">Another silo uses the run just now.</exception>
    /// <exception cref="UnavailableException">The storage does not answer.</exception>
    public Task<bool> StartAsync(string specification, bool? onAccelerator = null) => State.Specification == specification
        ? InTurnAsync(() => BeginAsync(onAccelerator))
        : throw new ArgumentException("The run was started with another specification; start a new run instead.", nameof(specification));

    /// <summary>Goes on with a run whose silo was lost or stopped. One that has finished is reminded no longer; one that was stopped, now and then.</summary>
    /// <returns>Whether the caller must begin to tick.</returns>
    public Task<bool> RemindAsync() => InTurnAsync(async () =>
    {
        if (IsActive || _isDeleted || _reminder is null) return false;
        try
        {
            if (await IsUnfinishedAsync()) return await BeginAsync(null);
            if (State.Phase == RunPhase.Finished) await _reminder.RemoveAsync();
            else await LetRestAsync(_reminder);
        }
        catch (UnknownRunException)
        {
            // Its files are gone: a deletion that came no further, or a folder that is not there at present.
            await _reminder.RelaxAsync();
        }

        return false;
    });

    /// <summary>Asks the run to save and stop at its next barrier.</summary>
    /// <returns>Whether the caller must begin to tick.</returns>
    public Task<bool> StopAsync() => InTurnAsync(async () =>
    {
        // A run that lies still after a loss would be woken by its reminder, against the wish of whoever stops it now.
        var begins = _reminder is not null && !IsActive && await IsUnfinishedAsync() && await BeginAsync(null);
        _startAgain = false;
        _machine?.RequestStop();
        return begins;
    });

    /// <summary>Deletes the run. An activation that may still have it elsewhere is superseded before anything is lost.</summary>
    /// <param name="delete">Deletes what is stored of it.</param>
    /// <exception cref="RunUnavailableException">The run is in training, or another silo uses it just now.</exception>
    /// <exception cref="UnknownRunException">The run was deleted already.</exception>
    public Task DeleteAsync(Func<Task> delete) => InTurnAsync(async () =>
    {
        ThrowIfDeleted();
        if (IsActive) throw new RunUnavailableException($"Run {_run} is in training: stop it first.");
        await TakeOverAsync(State.Phase is RunPhase.Finished or RunPhase.Failed ? State.Phase : RunPhase.Stopped);
        await delete();
        _isDeleted = true;
        try
        {
            if (_reminder is not null) await _reminder.RemoveAsync();
        }
        catch (UnavailableException)
        {
            // The run is gone; whoever is reminded of it then finds no run, and removes the reminder.
        }

        return true;
    });

    /// <summary>Asks the run to save and stop at its next barrier, because its silo stops.</summary>
    public void Suspend()
    {
        _startAgain = false;
        _machine?.RequestSuspend();
    }

    /// <summary>Goes on to the next barrier.</summary>
    /// <returns>When the next tick is due; null where the loop has ended.</returns>
    /// <exception cref="StaleEpochException">Another activation has taken the run over: this one must end.</exception>
    public async Task<TimeSpan?> TickAsync()
    {
        if (!_machine!.HasEnded)
        {
            // Whatever ends the loop, the status must show that it has ended: somebody waits for it.
            var goesOn = false;
            try
            {
                goesOn = await _machine.StepAsync();
            }
            finally
            {
                IsActive = goesOn;
            }

            if (goesOn) return _machine.Pause;
        }

        return await EndOrBeginAgainAsync();
    }

    /// <summary>Where the run stands.</summary>
    /// <param name="schedule">The run's schedule.</param>
    public RunStatus Status(RunSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (_machine is not null) return _machine.Status;
        var last = State.Checkpoints.LastOrDefault();
        var iteration = last?.Iteration ?? 0;
        return new RunStatus(
            State.Phase, "", iteration, schedule.Iterations, iteration * schedule.StepsPerIteration, last?.Updates ?? 0,
            last?.Seconds ?? 0, last?.Iteration, State.Error);
    }

    /// <inheritdoc/>
    public async Task ReadAsync()
    {
        await _journal.ReadAsync();
        Complete();
        Written = JsonSerializer.Serialize(State);
    }

    /// <inheritdoc/>
    public async Task WriteAsync()
    {
        var writing = JsonSerializer.Serialize(State);
        await _journal.WriteAsync();
        Written = writing;
    }

    private async Task<bool> BeginAsync(bool? onAccelerator)
    {
        ThrowIfDeleted();
        if (IsActive)
        {
            // Whoever resumes a run that is about to stop wants it to go on; where it ends already, it starts again.
            if (onAccelerator is { } other) _machine!.RequestDevice(other);
            _startAgain = !_machine!.TryGoOn();
            return false;
        }

        if (State.Phase == RunPhase.Finished && await _reports.HasSummaryAsync(_run)) return false;

        // Refused before anything is written, where the game is not loaded.
        var specification = RunSpecification.FromJson(State.Specification);
        specification.CreateGame(1);

        // Written before anybody hears of it: a silo that is lost now does not take the wish along. The reminder is set before, so that
        // it is there once this is written, and after, for whoever just lets the run rest.
        if (_reminder is not null) await _reminder.SetAsync();
        if (State.Phase is RunPhase.Stopped or RunPhase.Failed)
        {
            await TakeOverAsync(RunPhase.Suspended);
            if (_reminder is not null) await _reminder.SetAsync();
        }

        _machine = _create(specification, this);
        if (onAccelerator is { } device) _machine.RequestDevice(device);
        return IsActive = true;
    }

    /// <summary>After a machine has ended: begins anew for somebody who resumed the run meanwhile.</summary>
    private Task<TimeSpan?> EndOrBeginAgainAsync() => InTurnAsync<TimeSpan?>(async () =>
    {
        IsActive = false;
        if (!_startAgain) return null;
        _startAgain = false;
        try
        {
            return await BeginAsync(null) ? TimeSpan.Zero : null;
        }
        catch (UnavailableException)
        {
            // The resume was acknowledged: this tries until the storage answers, or somebody stops the run.
            IsActive = _startAgain = true;
            return RunMachine.RetryInterval;
        }
    });

    /// <summary>
    /// Another activation may have resumed the run meanwhile. It has written that first, and set the reminder then: so what it wrote
    /// before this relaxes the reminder is seen here.
    /// </summary>
    private async Task LetRestAsync(IRunReminder reminder)
    {
        var rests = false;
        try
        {
            await reminder.RelaxAsync();
            await ReadAsync();
            rests = !await IsUnfinishedAsync();
        }
        finally
        {
            if (!rests) await reminder.SetAsync();
        }
    }

    /// <summary>Writes a phase under a new epoch; whoever had the run before is superseded.</summary>
    private async Task TakeOverAsync(RunPhase phase)
    {
        var known = State.Epoch;
        await ReadAsync();
        if (State.Epoch < known) throw Taken();
        var before = (State.Phase, State.Error, State.Opener, State.Epoch);
        (State.Phase, State.Error, State.Opener, State.Epoch) = (phase, phase == RunPhase.Failed ? State.Error : null, "", State.Epoch + 1);
        try
        {
            await WriteAsync();
        }
        catch (Exception error)
        {
            // What was not written, or may not have been, is not shown either; it is read again before it matters.
            (State.Phase, State.Error, State.Opener, State.Epoch) = before;
            if (error is StaleEpochException) throw Taken(error);
            throw;
        }
    }

    private RunUnavailableException Taken(Exception? error = null) => new($"Another silo uses run {_run} just now: ask again.", error);

    private void ThrowIfDeleted()
    {
        if (_isDeleted) throw new UnknownRunException($"Run {_run} was deleted.");
    }

    /// <summary>What begins or ends the loop comes one after the other, also across awaits.</summary>
    private async Task<T> InTurnAsync<T>(Func<Task<T>> work)
    {
        var (before, done) = (_turn, new TaskCompletionSource());
        _turn = done.Task;
        try
        {
            await before;
            return await work();
        }
        finally
        {
            done.SetResult();
        }
    }

    /// <summary>A run that was made but never opened has no state yet.</summary>
    private void Complete()
    {
        if (State.Specification.Length == 0) State.Specification = _specification;
    }
}
