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

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    private readonly RunSpecification _run;
    private readonly GameSpec _game;
    private readonly RunSchedule _schedule;
    private readonly IRunJournal _journal;
    private readonly IRunTeam _team;
    private readonly IRunReporter _reporter;
    private readonly ICheckpointStore _store;
    private readonly TimeProvider _time;
    private readonly string _opener;
    private readonly long _begunAt;

    private Ticket _ticket;
    private bool _open;
    private bool _ending;
    private RunPhase? _endRequested;
    private bool? _deviceRequested;
    private int _setbacks;
    private long _furthest;
    private long? _committed;
    private long _updates;
    private double _secondsBefore;
    private long _openedAt;
    private long _lastProgress;
    private string _activity = "opening";
    private string? _setback;
    private string _device = "";
    private string? _accelerator;
    private ReturnEstimate? _evaluation;
    private long? _evaluatedAt;
    private IReadOnlyDictionary<string, double> _measured = new Dictionary<string, double>();

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
        (_run, _game, _journal, _team, _reporter, _store, _time, _opener) = (run, game, journal, team, reporter, store, time, opener);
        _schedule = new RunSchedule(run, game.EpisodeLimit);
        _openedAt = time.GetTimestamp();
        _begunAt = journal.State.Epoch;
        _committed = journal.State.Checkpoints.LastOrDefault()?.Iteration;
    }

    /// <summary>A snapshot.</summary>
    public RunStatus Status => new(
        _journal.State.Phase, _activity, _ticket.Iteration, _schedule.Iterations, Steps, _updates, Seconds,
        _committed, _journal.State.Error);

    /// <summary>How long to wait before the next <see cref="StepAsync"/>; zero unless something is missing.</summary>
    public TimeSpan Pause { get; private set; }

    private RunState State => _journal.State;

    private long Steps => _ticket.Iteration * _schedule.StepsPerIteration;

    private double Seconds => _secondsBefore + (_open ? _time.GetElapsedTime(_openedAt).TotalSeconds : 0);

    /// <summary>Whether there is nothing more to do.</summary>
    public bool HasEnded { get; private set; }

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
        if (_open) throw new ArgumentException("The run is in training: stop it before its device is changed.", nameof(onAccelerator));
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
            if (!_open) await OpenAsync();
            if (_open) await IterateAsync();
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
        _secondsBefore = Seconds;
        (_open, _ending) = (false, false);
        _setback = $"Went back to the last checkpoint: {RunFailures.FirstLine(error)}";
    }

    private async Task WaitForAsync(UnavailableException missing)
    {
        GoBack(missing);
        Pause = RetryInterval;
        var (activity, before) = ($"waiting for {missing.What}", _activity);
        _activity = activity;
        if (activity == before) return;
        try
        {
            await ReportAsync("waiting", new() { ["message"] = $"Waiting for {missing.What}: {RunFailures.FirstLine(missing)}" });
        }
        catch (Exception error) when (error is not StaleEpochException)
        {
            // Whoever takes reports may be what is missing; the status shows it in any case.
        }
    }

    private bool IsWaiting => _activity.StartsWith("waiting", StringComparison.Ordinal);

    private async Task OpenAsync()
    {
        if (!IsWaiting) _activity = "opening";
        await _journal.ReadAsync();

        // Between the reading and a write that was lost on the way, somebody else may have opened the run; or deleted it.
        if (_ticket.Epoch > 0 && State.Epoch > _ticket.Epoch && State.Opener != _opener) throw new StaleEpochException(_ticket.Epoch, State.Epoch);
        var known = Math.Max(_ticket.Epoch, _begunAt);
        if (State.Epoch < known) throw new StaleEpochException(known, State.Epoch);
        State.Epoch++;
        State.Opener = _opener;
        State.OnAccelerator = _deviceRequested ?? State.OnAccelerator;
        State.Phase = RunPhase.Running;
        State.Error = null;
        await _journal.WriteAsync();
        if (IsWaiting && _endRequested is { } phase)
        {
            // Whatever is missing: nothing was done since the last checkpoint.
            _ending = true;
            _ticket = new Ticket(State.Epoch, State.Checkpoints.LastOrDefault()?.Iteration ?? 0);
            await _reporter.OpenAsync(_ticket);
            await EndAsync(phase);
            return;
        }

        // The newest checkpoint that can still be read; a damaged one is named, and no longer counts. It is named only
        // when an older one was opened: opening the report drops what was told beyond that one's iteration.
        List<string> restored = [];
        foreach (var checkpoint in State.Checkpoints.AsEnumerable().Reverse().Append(null).ToArray())
        {
            _ticket = new Ticket(State.Epoch, checkpoint?.Iteration ?? 0);
            await _reporter.OpenAsync(_ticket);
            var opened = await _team.OpenAsync(_ticket, checkpoint, State.OnAccelerator);
            if (opened.Damaged is { } damage)
            {
                State.Checkpoints.Remove(checkpoint!);
                restored.Add($"The checkpoint of iteration {checkpoint!.Iteration} cannot be used: {damage}");
                continue;
            }

            (_updates, _secondsBefore, _evaluation) = (checkpoint?.Updates ?? 0, checkpoint?.Seconds ?? 0, checkpoint?.Evaluation);
            (_committed, _evaluatedAt) = (checkpoint?.Iteration, checkpoint?.Iteration);
            (_device, _accelerator, State.OnAccelerator) = (opened.Device, opened.Accelerator, opened.Accelerator is not null);
            _openedAt = _lastProgress = _time.GetTimestamp();
            (_open, _activity) = (true, "opening");
            await MeasureReferencesAsync();
            if (_setback is not null) restored.Insert(0, _setback);
            if (checkpoint is not null) restored.Add($"Going on from the checkpoint of iteration {checkpoint.Iteration}.");
            else if (restored.Count > 0) restored.Add("No checkpoint can be used: starting again from the beginning.");
            foreach (var message in restored) await ReportAsync("restored", new() { ["message"] = message });
            _setback = null;
            if (checkpoint is null) await AtBarrierAsync();
            return;
        }
    }

    private async Task IterateAsync()
    {
        if (_ticket.Iteration < _schedule.Iterations && _endRequested is null)
        {
            _activity = "collecting";
            await _team.CollectAsync(_ticket);
            _activity = "learning";
            var learned = await _team.LearnAsync(_ticket, _schedule.Progress(_ticket.Iteration));
            if (learned.NonFinite is { } quantity)
            {
                await FailAsync($"{quantity} became non-finite in iteration {_ticket.Iteration}; the last good checkpoint is kept.");
                return;
            }

            (_updates, _measured) = (learned.Updates, learned.Measured);
            _ticket = _ticket with { Iteration = _ticket.Iteration + 1 };
            await AtBarrierAsync();
            if (_ticket.Iteration > _furthest) (_furthest, _setbacks) = (_ticket.Iteration, 0);
        }

        if (_ticket.Iteration >= _schedule.Iterations) await FinishAsync();
        else if (_endRequested is { } phase) await StopAsync(phase);
    }

    private async Task AtBarrierAsync()
    {
        if (_schedule.EvaluatesAt(_ticket.Iteration)) await EvaluateAsync();
        if (_schedule.SavesAt(_ticket.Iteration)) await CheckpointAsync();
        if (_time.GetElapsedTime(_lastProgress) < ProgressInterval && _ticket.Iteration < _schedule.Iterations) return;
        _lastProgress = _time.GetTimestamp();
        await ReportAsync("progress", new() { ["seconds"] = Seconds, ["measured"] = _measured });
    }

    private async Task EvaluateAsync()
    {
        _activity = "evaluating";
        _evaluation = await MeasureAsync(Player.Agents, EpisodeSet.Evaluation);
        _evaluatedAt = _ticket.Iteration;
        await ReportAsync("evaluation", new()
        {
            ["returnMean"] = _evaluation.Mean,
            ["returnCi95"] = _evaluation.Ci95,
            ["returnScale"] = _game.ReturnScale,
            ["seconds"] = Seconds,
        });
    }

    /// <summary>What the team's returns are to be compared with; stored at once, for whoever watches from the start.</summary>
    private async Task MeasureReferencesAsync()
    {
        if (State.Scripted is not null) return;
        State.Random = await MeasureAsync(Player.Random, EpisodeSet.Test);
        State.Scripted = await MeasureAsync(Player.Scripted, EpisodeSet.Test);
        await _journal.WriteAsync();
    }

    private async Task<ReturnEstimate> MeasureAsync(Player player, EpisodeSet set)
    {
        var estimate = ReturnEstimate.From(await _team.EvaluateAsync(_ticket, player, set, EvaluationEpisodes));
        if (double.IsFinite(estimate.Mean)) return estimate;
        throw new NotFiniteNumberException(
            $"The {set.ToString().ToLowerInvariant()} return became non-finite at iteration {_ticket.Iteration}; the last good checkpoint is kept.",
            estimate.Mean);
    }

    /// <summary>Writes the files, then commits them by the one conditional write that names them; only then is it reported.</summary>
    private async Task CheckpointAsync()
    {
        _activity = "saving";
        await _reporter.FlushAsync(_ticket);
        var outcome = await _team.SaveAsync(_ticket);
        if (outcome.Saved is not { } saved) throw new IOException($"The checkpoint of iteration {_ticket.Iteration} cannot be written: {outcome.Failure}");
        State.Checkpoints.RemoveAll(old => old.Iteration >= _ticket.Iteration);
        State.Checkpoints.Add(new Checkpoint(_ticket.Iteration, _updates, Seconds, _evaluation!, saved.WeightsHash, saved.Files));
        var best = State.Best();
        if (State.Checkpoints.Count > 2) State.Checkpoints = [.. State.Checkpoints[..^2].Where(old => old == best), .. State.Checkpoints[^2..]];
        await _journal.WriteAsync();
        _committed = _ticket.Iteration;
        await ReportAsync("checkpoint", new() { ["weightsHash"] = saved.WeightsHash, ["returnMean"] = _evaluation!.Mean });
        await _reporter.FlushAsync(_ticket);
        try
        {
            await _store.RetainAsync(_run.Run, [.. State.Checkpoints.SelectMany(kept => kept.Files)], _ticket, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or StorageUnavailableException)
        {
            // The checkpoint is safe; what is left over is deleted after the next one.
            await ReportAsync("restored", new() { ["message"] = $"Old checkpoints could not be deleted: {error.Message}" });
        }
    }

    private async Task StopAsync(RunPhase phase)
    {
        _ending = true;
        if (State.Checkpoints.LastOrDefault()?.Iteration != _ticket.Iteration)
        {
            if (_evaluatedAt != _ticket.Iteration) await EvaluateAsync();
            await CheckpointAsync();
        }

        await EndAsync(phase);
    }

    private async Task EndAsync(RunPhase phase)
    {
        State.Phase = phase;
        await _journal.WriteAsync();
        await ReportAsync(phase == RunPhase.Stopped ? "stopped" : "suspended", new() { ["seconds"] = Seconds });
        await _reporter.FlushAsync(_ticket);
        await CloseAsync();
    }

    private async Task FinishAsync()
    {
        _activity = "evaluating";
        State.Final = await MeasureAsync(Player.Agents, EpisodeSet.Test);
        State.Phase = RunPhase.Finished;
        await _journal.WriteAsync();
        await ReportAsync("finished", new()
        {
            ["task"] = _run.Task,
            ["rules"] = _run.Rules,
            ["algorithm"] = _run.Algorithm,
            ["seed"] = _run.Seed,
            ["seconds"] = Seconds,
            ["envStepsPerSecond"] = Steps / Seconds,
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
        await _reporter.FlushAsync(_ticket);
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
            await ReportAsync("error", new() { ["message"] = message });
            await _reporter.FlushAsync(_ticket);
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
        _secondsBefore = Seconds;
        _open = false;
        HasEnded = true;
        try
        {
            await _team.CloseAsync(_ticket);
        }
        catch (Exception error) when (error is not StaleEpochException)
        {
        }
    }

    private Task ReportAsync(string type, Dictionary<string, object?> values)
    {
        values["envSteps"] = Steps;
        values["updates"] = _updates;
        return _reporter.ReportAsync(_ticket, new RunEvent(type, _ticket.Iteration, values));
    }
}
