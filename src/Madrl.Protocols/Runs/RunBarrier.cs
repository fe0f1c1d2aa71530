using Madrl.Environments;
using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Runs;

/// <summary>What is done at a run's barriers: its team is measured and saved.</summary>
internal sealed class RunBarrier(
    RunSpecification run, GameSpec game, RunSchedule schedule, RunProgress progress, IRunJournal journal, IRunTeam team, IRunReporter reporter,
    ICheckpointStore store)
{
    private ReturnEstimate? _evaluation;
    private long? _evaluatedAt;

    private RunState State => journal.State;

    /// <summary>The team was opened, from a checkpoint or fresh.</summary>
    public void Open(Checkpoint? from) => (_evaluation, _evaluatedAt) = (from?.Evaluation, from?.Iteration);

    /// <summary>What the team's returns are to be compared with; stored at once, for whoever watches from the start.</summary>
    public async Task MeasureReferencesAsync()
    {
        if (State.Scripted is not null) return;
        State.Random = await MeasureAsync(Player.Random, EpisodeSet.Test);
        State.Scripted = await MeasureAsync(Player.Scripted, EpisodeSet.Test);
        await journal.WriteAsync();
    }

    /// <summary>Evaluates and saves where the schedule says so.</summary>
    public async Task ReachAsync()
    {
        if (schedule.EvaluatesAt(progress.Ticket.Iteration)) await EvaluateAsync();
        if (schedule.SavesAt(progress.Ticket.Iteration)) await SaveAsync();
        await progress.ReportProgressAsync();
    }

    /// <summary>Sees to it that the present barrier is saved, whatever the schedule says.</summary>
    public async Task EnsureSavedAsync()
    {
        if (State.Checkpoints.LastOrDefault()?.Iteration == progress.Ticket.Iteration) return;
        if (_evaluatedAt != progress.Ticket.Iteration) await EvaluateAsync();
        await SaveAsync();
    }

    /// <summary>The final test.</summary>
    public async Task<ReturnEstimate> TestAsync()
    {
        progress.Activity = "evaluating";
        return await MeasureAsync(Player.Agents, EpisodeSet.Test);
    }

    private async Task EvaluateAsync()
    {
        progress.Activity = "evaluating";
        _evaluation = await MeasureAsync(Player.Agents, EpisodeSet.Evaluation);
        _evaluatedAt = progress.Ticket.Iteration;
        await progress.ReportAsync("evaluation", new()
        {
            ["returnMean"] = _evaluation.Mean,
            ["returnCi95"] = _evaluation.Ci95,
            ["returnScale"] = game.ReturnScale,
            ["seconds"] = progress.Seconds,
        });
    }

    private async Task<ReturnEstimate> MeasureAsync(Player player, EpisodeSet set)
    {
        var estimate = ReturnEstimate.From(await team.EvaluateAsync(progress.Ticket, player, set, RunMachine.EvaluationEpisodes));
        if (double.IsFinite(estimate.Mean)) return estimate;
        throw new NotFiniteNumberException(
            $"The {set.ToString().ToLowerInvariant()} return became non-finite at iteration {progress.Ticket.Iteration}; the last good checkpoint is kept.",
            estimate.Mean);
    }

    /// <summary>Writes the files, then commits them by the one conditional write that names them; only then is it reported.</summary>
    private async Task SaveAsync()
    {
        var ticket = progress.Ticket;
        progress.Activity = "saving";
        await reporter.FlushAsync(ticket);
        var outcome = await team.SaveAsync(ticket);
        if (outcome.Saved is not { } saved) throw new IOException($"The checkpoint of iteration {ticket.Iteration} cannot be written: {outcome.Failure}");
        State.Checkpoints.RemoveAll(old => old.Iteration >= ticket.Iteration);
        State.Checkpoints.Add(new Checkpoint(ticket.Iteration, progress.Updates, progress.Seconds, _evaluation!, saved.WeightsHash, saved.Files));
        var best = State.Best();
        if (State.Checkpoints.Count > 2) State.Checkpoints = [.. State.Checkpoints[..^2].Where(old => old == best), .. State.Checkpoints[^2..]];
        await journal.WriteAsync();
        progress.Committed = ticket.Iteration;
        await progress.ReportAsync("checkpoint", new() { ["weightsHash"] = saved.WeightsHash, ["returnMean"] = _evaluation!.Mean });
        await reporter.FlushAsync(ticket);
        try
        {
            await store.RetainAsync(run.Run, [.. State.Checkpoints.SelectMany(kept => kept.Files)], ticket, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or StorageUnavailableException)
        {
            // The checkpoint is safe; what is left over is deleted after the next one.
            await progress.ReportAsync("restored", new() { ["message"] = $"Old checkpoints could not be deleted: {error.Message}" });
        }
    }
}
