using Madrl.Environments;
using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Runs;

/// <summary>
/// Drives a run from barrier to barrier: evaluate, save, collect, learn. Plain logic over ports: storage, the team of
/// roles, the report and the clock are handed in, so that the same class runs in a grain and in a simulator.
/// Calls do not overlap; <see cref="RequestStop"/> and <see cref="Status"/> may come at any time between two awaits.
/// </summary>
public sealed class RunMachine
{
    /// <summary>Episodes of an evaluation and of the final test.</summary>
    public const int EvaluationEpisodes = 400;

    /// <summary>Openings in a row that may fail without reaching a new barrier before the run gives up.</summary>
    public const int MaxFruitlessOpenings = 5;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    private readonly RunSpecification _run;
    private readonly GameSpec _game;
    private readonly RunSchedule _schedule;
    private readonly IRunJournal _journal;
    private readonly IRunTeam _team;
    private readonly IRunReporter _reporter;
    private readonly ICheckpointStore _store;
    private readonly TimeProvider _time;

    private Ticket _ticket;
    private bool _open;
    private bool _stopRequested;
    private int _fruitless;
    private long _updates;
    private double _secondsBefore;
    private long _openedAt;
    private long _lastProgress;
    private string _activity = "opening";
    private string? _setback;
    private string _device = "";
    private ReturnEstimate? _evaluation;
    private IReadOnlyDictionary<string, double> _measured = new Dictionary<string, double>();

    /// <summary>A machine for one activation of the run.</summary>
    public RunMachine(
        RunSpecification run, GameSpec game, IRunJournal journal, IRunTeam team, IRunReporter reporter, ICheckpointStore store, TimeProvider time)
    {
        (_run, _game, _journal, _team, _reporter, _store, _time) = (run, game, journal, team, reporter, store, time);
        _schedule = new RunSchedule(run, game.EpisodeLimit);
        _openedAt = time.GetTimestamp();
    }

    /// <summary>A snapshot.</summary>
    public RunStatus Status => new(
        _journal.State.Phase, _activity, _ticket.Iteration, _schedule.Iterations, Steps, _updates, Seconds,
        _journal.State.Checkpoints.LastOrDefault()?.Iteration, _journal.State.Error);

    private RunState State => _journal.State;

    private long Steps => _ticket.Iteration * _schedule.StepsPerIteration;

    private double Seconds => _secondsBefore + (_open ? _time.GetElapsedTime(_openedAt).TotalSeconds : 0);

    /// <summary>Asks the run to save and stop at the next barrier.</summary>
    public void RequestStop() => _stopRequested = true;

    /// <summary>
    /// Goes from the present barrier to the next, opening the run first where that is needed. A failure takes the run
    /// back to its last committed checkpoint.
    /// </summary>
    /// <returns>Whether there is more to do.</returns>
    /// <exception cref="StaleEpochException">Another activation has taken the run over.</exception>
    public async Task<bool> StepAsync()
    {
        try
        {
            if (!_open) await OpenAsync();
            if (_open) await IterateAsync();
        }
        catch (StaleEpochException)
        {
            throw;
        }
        catch (Exception error) when (_fruitless < MaxFruitlessOpenings && !IsStorageFailure(error))
        {
            _setback = $"Went back to the last checkpoint: {error.Message}";
            _open = false;
        }
        catch (Exception error)
        {
            await FailAsync(error.Message);
        }

        return State.Phase == RunPhase.Running;
    }

    private async Task OpenAsync()
    {
        _activity = "opening";
        _fruitless++;
        State.Epoch++;
        State.Phase = RunPhase.Running;
        State.Error = null;
        await _journal.WriteAsync();

        // The newest checkpoint that can still be read; a damaged one is named, and no longer counts.
        foreach (var checkpoint in State.Checkpoints.AsEnumerable().Reverse().Append(null).ToArray())
        {
            _ticket = new Ticket(State.Epoch, checkpoint?.Iteration ?? 0);
            await _reporter.OpenAsync(_ticket);
            var opened = await _team.OpenAsync(_ticket, _run, checkpoint);
            if (opened.Damaged is { } damage)
            {
                State.Checkpoints.Remove(checkpoint!);
                await ReportAsync("restored", new() { ["message"] = $"The checkpoint of iteration {checkpoint!.Iteration} cannot be used: {damage}" });
                continue;
            }

            (_updates, _secondsBefore, _evaluation) = (checkpoint?.Updates ?? 0, checkpoint?.Seconds ?? 0, checkpoint?.Evaluation);
            _device = opened.Device;
            _openedAt = _lastProgress = _time.GetTimestamp();
            _open = true;
            State.Random ??= await MeasureAsync(Player.Random, EpisodeSet.Test);
            State.Scripted ??= await MeasureAsync(Player.Scripted, EpisodeSet.Test);
            if (_setback is not null) await ReportAsync("restored", new() { ["message"] = _setback });
            _setback = null;
            if (checkpoint is null) await AtBarrierAsync();
            else await ReportAsync("restored", new() { ["message"] = $"Going on from the checkpoint of iteration {checkpoint.Iteration}." });
            return;
        }
    }

    private async Task IterateAsync()
    {
        if (_ticket.Iteration < _schedule.Iterations && !_stopRequested)
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
            _fruitless = 0;
            await AtBarrierAsync();
        }

        if (_ticket.Iteration >= _schedule.Iterations) await FinishAsync();
        else if (_stopRequested) await StopAsync();
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
        await ReportAsync("evaluation", new()
        {
            ["returnMean"] = _evaluation.Mean,
            ["returnCi95"] = _evaluation.Ci95,
            ["returnScale"] = _game.ReturnScale,
            ["seconds"] = Seconds,
        });
    }

    private async Task<ReturnEstimate> MeasureAsync(Player player, EpisodeSet set) =>
        ReturnEstimate.From(await _team.EvaluateAsync(_ticket, player, set, EvaluationEpisodes));

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
        await ReportAsync("checkpoint", new() { ["weightsHash"] = saved.WeightsHash, ["returnMean"] = _evaluation!.Mean });
        await _store.RetainAsync(_run.Run, [.. State.Checkpoints.Select(kept => kept.Iteration)], CancellationToken.None);
    }

    private async Task StopAsync()
    {
        if (State.Checkpoints.LastOrDefault()?.Iteration != _ticket.Iteration)
        {
            await EvaluateAsync();
            await CheckpointAsync();
        }

        State.Phase = RunPhase.Stopped;
        await _journal.WriteAsync();
        await ReportAsync("stopped", new() { ["seconds"] = Seconds });
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

    private async Task CloseAsync()
    {
        _secondsBefore = Seconds;
        _open = false;
        await _team.CloseAsync(_ticket);
    }

    /// <summary>Whether the cause is a disk: going back to a checkpoint would not help. Orleans wraps what a storage provider throws.</summary>
    private static bool IsStorageFailure(Exception error) => error is IOException || error.InnerException is IOException;

    private Task ReportAsync(string type, Dictionary<string, object?> values)
    {
        values["envSteps"] = Steps;
        values["updates"] = _updates;
        return _reporter.ReportAsync(_ticket, new RunEvent(type, _ticket.Iteration, values));
    }
}
