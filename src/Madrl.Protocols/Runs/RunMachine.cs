using Madrl.Environments;
using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Runs;

/// <summary>
/// Drives a run from barrier to barrier: evaluate, save, collect, learn. Plain logic over ports: storage, the team of
/// roles, the report and the clock are handed in, so that the same class runs in a grain and in a simulator.
/// Calls do not overlap; <see cref="RequestStop"/>, <see cref="RequestSuspend"/> and <see cref="Status"/> may come at any time between two awaits.
/// </summary>
public sealed class RunMachine
{
    /// <summary>Episodes of an evaluation and of the final test.</summary>
    public const int EvaluationEpisodes = 400;

    /// <summary>Setbacks in a row, without a new barrier between them, after which the run gives up.</summary>
    public const int MaxSetbacks = 5;

    /// <summary>How long the run waits before it tries again where something it needs does not answer.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly RunSpecification _run;
    private readonly GameSpec _game;
    private readonly RunSchedule _schedule;
    private readonly IRunJournal _journal;
    private readonly IRunTeam _team;
    private readonly IRunReporter _reporter;
    private readonly RunProgress _progress;
    private readonly RunBarrier _barrier;
    private readonly string _opener;
    private readonly long _begunAt;

    private bool _ending;
    private RunPhase? _endRequested;
    private bool? _deviceRequested;
    private int _setbacks;
    private long _furthest;
    private string? _setback;
    private string _device = "";
    private string? _accelerator;

    /// <summary>A machine for one activation of the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="game">Its game.</param>
    /// <param name="journal">Its control state.</param>
    /// <param name="team">Its team.</param>
    /// <param name="reporter">Where it tells what happens.</param>
    /// <param name="store">Where checkpoints lie.</param>
    /// <param name="time">The clock.</param>
    /// <param name="opener">Names this activation among all that the run ever has.</param>
    public RunMachine(
        RunSpecification run, GameSpec game, IRunJournal journal, IRunTeam team, IRunReporter reporter, ICheckpointStore store, TimeProvider time,
        string opener)
    {
        (_run, _game, _journal, _team, _reporter, _opener) = (run, game, journal, team, reporter, opener);
        _schedule = new RunSchedule(run, game.EpisodeLimit);
        _progress = new RunProgress(reporter, _schedule, time) { Committed = journal.State.Checkpoints.LastOrDefault()?.Iteration };
        _barrier = new RunBarrier(run, game, _schedule, _progress, journal, team, reporter, store);
        _begunAt = journal.State.Epoch;
    }

    /// <summary>A snapshot.</summary>
    public RunStatus Status => _progress.Status(State);

    /// <summary>How long to wait before the next <see cref="StepAsync"/>; zero unless something is missing.</summary>
    public TimeSpan Pause { get; private set; }

    /// <summary>Whether there is nothing more to do.</summary>
    public bool HasEnded { get; private set; }

    private RunState State => _journal.State;

    private bool IsWaiting => _progress.Activity.StartsWith("waiting", StringComparison.Ordinal);

    /// <summary>Takes back a stop, unless the run is stopping already or has ended.</summary>
    public bool TryGoOn()
    {
        if (_ending || HasEnded) return false;
        _endRequested = null;
        return true;
    }

    /// <summary>Asks the run to save and stop at the next barrier, until somebody resumes it.</summary>
    public void RequestStop() => _endRequested = RunPhase.Stopped;

    /// <summary>From now on the run learns on an accelerator, or on a processor, whatever it began with.</summary>
    /// <exception cref="ArgumentException">The run is in training.</exception>
    public void RequestDevice(bool onAccelerator)
    {
        if (_progress.IsOpen) throw new ArgumentException("The run is in training: stop it before its device is changed.", nameof(onAccelerator));
        _deviceRequested = onAccelerator;
    }

    /// <summary>Asks the run to save and stop at the next barrier, because its silo stops. Whoever wanted it stopped is not overruled.</summary>
    public void RequestSuspend() => _endRequested ??= RunPhase.Suspended;

    /// <summary>
    /// Goes from the present barrier to the next, opening the run first where that is needed. A failure takes the run
    /// back to its last committed checkpoint; where something does not answer, the run waits for it, however long.
    /// </summary>
    /// <returns>Whether there is more to do.</returns>
    /// <exception cref="StaleEpochException">Another activation has taken the run over.</exception>
    public async Task<bool> StepAsync()
    {
        Pause = TimeSpan.Zero;
        try
        {
            if (!_progress.IsOpen) await OpenAsync();
            if (_progress.IsOpen) await IterateAsync();
        }
        catch (StaleEpochException)
        {
            throw;
        }
        catch (Exception error) when (UnavailableException.In(error) is { } missing)
        {
            await WaitForAsync(missing);
        }
        catch (Exception error) when (RunFailures.Incurable(error) is { } cause)
        {
            await FailAsync(cause.Message);
        }
        catch (Exception error) when (error is OperationCanceledException || ++_setbacks < MaxSetbacks)
        {
            // A call is cancelled where this activation ends: the next one goes on, and must not find that this one gave up.
            GoBack(error);
            Pause = RetryInterval;
        }
        catch (Exception error)
        {
            await FailAsync(RunFailures.FirstLine(error));
        }

        return !HasEnded;
    }

    private void GoBack(Exception error)
    {
        _progress.Close();
        _ending = false;
        _setback = $"Went back to the last checkpoint: {RunFailures.FirstLine(error)}";
    }

    private async Task WaitForAsync(UnavailableException missing)
    {
        GoBack(missing);
        Pause = RetryInterval;
        var (activity, before) = ($"waiting for {missing.What}", _progress.Activity);
        _progress.Activity = activity;
        if (activity == before) return;
        try
        {
            await _progress.ReportAsync("waiting", new() { ["message"] = $"Waiting for {missing.What}: {RunFailures.FirstLine(missing)}" });
        }
        catch (Exception error) when (error is not StaleEpochException)
        {
            // Whoever takes reports may be what is missing; the status shows it in any case.
        }
    }

    private async Task OpenAsync()
    {
        if (!IsWaiting) _progress.Activity = "opening";
        await TakeOverAsync();
        if (IsWaiting && _endRequested is { } phase)
        {
            // Whatever is missing: nothing was done since the last checkpoint.
            _ending = true;
            await OpenReportAsync(State.Checkpoints.LastOrDefault());
            await EndAsync(phase);
            return;
        }

        // The newest checkpoint that can still be read; a damaged one is named, and no longer counts. It is named only
        // when an older one was opened: opening the report drops what was told beyond that one's iteration.
        List<string> restored = [];
        foreach (var checkpoint in State.Checkpoints.AsEnumerable().Reverse().Append(null).ToArray())
        {
            await OpenReportAsync(checkpoint);
            var opened = await _team.OpenAsync(_progress.Ticket, checkpoint, State.OnAccelerator);
            if (opened.Damaged is { } damage)
            {
                State.Checkpoints.Remove(checkpoint!);
                restored.Add($"The checkpoint of iteration {checkpoint!.Iteration} cannot be used: {damage}");
                continue;
            }

            await GoOnFromAsync(checkpoint, opened, restored);
            return;
        }
    }

    /// <summary>Reads the state and writes it under a new epoch.</summary>
    private async Task TakeOverAsync()
    {
        await _journal.ReadAsync();

        // Between the reading and a write that was lost on the way, somebody else may have opened the run; or deleted it.
        var last = _progress.Ticket.Epoch;
        if (last > 0 && State.Epoch > last && State.Opener != _opener) throw new StaleEpochException(last, State.Epoch);
        var known = Math.Max(last, _begunAt);
        if (State.Epoch < known) throw new StaleEpochException(known, State.Epoch);
        State.Epoch++;
        State.Opener = _opener;
        State.OnAccelerator = _deviceRequested ?? State.OnAccelerator;
        State.Phase = RunPhase.Running;
        State.Error = null;
        await _journal.WriteAsync();
    }

    private Task OpenReportAsync(Checkpoint? checkpoint)
    {
        _progress.Ticket = new Ticket(State.Epoch, checkpoint?.Iteration ?? 0);
        return _reporter.OpenAsync(_progress.Ticket);
    }

    private async Task GoOnFromAsync(Checkpoint? checkpoint, Opened opened, List<string> restored)
    {
        (_device, _accelerator, State.OnAccelerator) = (opened.Device, opened.Accelerator, opened.Accelerator is not null);
        _barrier.Open(checkpoint);
        _progress.Open(checkpoint);
        await _barrier.MeasureReferencesAsync();
        if (_setback is not null) restored.Insert(0, _setback);
        if (checkpoint is not null) restored.Add($"Going on from the checkpoint of iteration {checkpoint.Iteration}.");
        else if (restored.Count > 0) restored.Add("No checkpoint can be used: starting again from the beginning.");
        foreach (var message in restored) await _progress.ReportAsync("restored", new() { ["message"] = message });
        _setback = null;
        if (checkpoint is null) await _barrier.ReachAsync();
    }

    private async Task IterateAsync()
    {
        if (_progress.Ticket.Iteration < _schedule.Iterations && _endRequested is null)
        {
            _progress.Activity = "collecting";
            await _team.CollectAsync(_progress.Ticket);
            _progress.Activity = "learning";
            var learned = await _team.LearnAsync(_progress.Ticket, _schedule.Progress(_progress.Ticket.Iteration));
            if (learned.NonFinite is { } quantity)
            {
                await FailAsync($"{quantity} became non-finite in iteration {_progress.Ticket.Iteration}; the last good checkpoint is kept.");
                return;
            }

            (_progress.Updates, _progress.Measured, _progress.Ticket) = (learned.Updates, learned.Measured, _progress.Ticket.Next());
            await _barrier.ReachAsync();
            if (_progress.Ticket.Iteration > _furthest) (_furthest, _setbacks) = (_progress.Ticket.Iteration, 0);
        }

        if (_progress.Ticket.Iteration >= _schedule.Iterations) await FinishAsync();
        else if (_endRequested is { } phase) await StopAsync(phase);
    }

    private async Task StopAsync(RunPhase phase)
    {
        _ending = true;
        await _barrier.EnsureSavedAsync();
        await EndAsync(phase);
    }

    private async Task EndAsync(RunPhase phase)
    {
        State.Phase = phase;
        await _journal.WriteAsync();
        await _progress.ReportAsync(phase == RunPhase.Stopped ? "stopped" : "suspended", new() { ["seconds"] = _progress.Seconds });
        await _reporter.FlushAsync(_progress.Ticket);
        await CloseAsync();
    }

    private async Task FinishAsync()
    {
        State.Final = await _barrier.TestAsync();
        State.Phase = RunPhase.Finished;
        await _journal.WriteAsync();
        await _progress.ReportAsync("finished", new()
        {
            ["task"] = _run.Task,
            ["rules"] = _run.Rules,
            ["algorithm"] = _run.Algorithm,
            ["seed"] = _run.Seed,
            ["seconds"] = _progress.Seconds,
            ["envStepsPerSecond"] = _progress.Steps / _progress.Seconds,
            ["returnMean"] = State.Final.Mean,
            ["returnCi95"] = State.Final.Ci95,
            ["returnScale"] = _game.ReturnScale,
            ["randomReturn"] = State.Random!.Mean,
            ["scriptedReturn"] = State.Scripted!.Mean,
            ["weightsHash"] = State.Checkpoints[^1].WeightsHash,
            ["device"] = _device,
            ["accelerator"] = _accelerator,
            ["learnerThreads"] = _run.Threads,
        });
        await _reporter.FlushAsync(_progress.Ticket);
        await CloseAsync();
    }

    /// <summary>Ends the run with an error. Where even that cannot be stored, the error says so; memory still shows it.</summary>
    private async Task FailAsync(string message)
    {
        State.Phase = RunPhase.Failed;
        State.Error = message;
        try
        {
            await _journal.WriteAsync();
            await _progress.ReportAsync("error", new() { ["message"] = message });
            await _reporter.FlushAsync(_progress.Ticket);
        }
        catch (Exception error) when (error is not StaleEpochException)
        {
            State.Error = $"{message} (nor could this be recorded: {error.Message})";
        }

        await CloseAsync();
    }

    /// <summary>The run is over; a role that cannot be told so frees what it holds when it is no longer used.</summary>
    private async Task CloseAsync()
    {
        _progress.Close();
        HasEnded = true;
        try
        {
            await _team.CloseAsync(_progress.Ticket);
        }
        catch (Exception error) when (error is not StaleEpochException)
        {
        }
    }
}
