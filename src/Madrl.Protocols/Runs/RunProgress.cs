namespace Madrl.Protocols.Runs;

/// <summary>Where a run stands in one activation: its barrier, what it has learned so far, its clock. Every event is told with it.</summary>
internal sealed class RunProgress(IRunReporter reporter, RunSchedule schedule, TimeProvider time)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(500);

    private double _secondsBefore;
    private long _openedAt;
    private long _reportedAt;

    /// <summary>The barrier, under the epoch of this opening.</summary>
    public Ticket Ticket { get; set; }

    /// <summary>What is under way, for people.</summary>
    public string Activity { get; set; } = "opening";

    /// <summary>Optimiser steps so far.</summary>
    public long Updates { get; set; }

    /// <summary>What the last iteration of learning measured.</summary>
    public IReadOnlyDictionary<string, double> Measured { get; set; } = new Dictionary<string, double>();

    /// <summary>Iteration of the last committed checkpoint.</summary>
    public long? Committed { get; set; }

    /// <summary>Whether the team is open, and time counts.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Environment steps so far.</summary>
    public long Steps => Ticket.Iteration * schedule.StepsPerIteration;

    /// <summary>Training time that led here: the checkpoint's, and since it was opened.</summary>
    public double Seconds => _secondsBefore + (IsOpen ? time.GetElapsedTime(_openedAt).TotalSeconds : 0);

    /// <summary>The team was opened, from a checkpoint or fresh.</summary>
    public void Open(Checkpoint? from)
    {
        (Updates, _secondsBefore, Committed) = (from?.Updates ?? 0, from?.Seconds ?? 0, from?.Iteration);
        _openedAt = _reportedAt = time.GetTimestamp();
        (IsOpen, Activity) = (true, "opening");
    }

    /// <summary>The team is open no longer.</summary>
    public void Close()
    {
        _secondsBefore = Seconds;
        IsOpen = false;
    }

    /// <summary>A snapshot.</summary>
    public RunStatus Status(RunState state) => new(
        state.Phase, Activity, Ticket.Iteration, schedule.Iterations, Steps, Updates, Seconds, Committed, state.Error);

    /// <summary>Tells how far the run is, now and then and at its last barrier.</summary>
    public async Task ReportProgressAsync()
    {
        if (time.GetElapsedTime(_reportedAt) < ReportInterval && Ticket.Iteration < schedule.Iterations) return;
        _reportedAt = time.GetTimestamp();
        await ReportAsync("progress", new() { ["seconds"] = Seconds, ["measured"] = Measured });
    }

    /// <summary>Tells what happens.</summary>
    public Task ReportAsync(string type, Dictionary<string, object?> values)
    {
        values["envSteps"] = Steps;
        values["updates"] = Updates;
        return reporter.ReportAsync(Ticket, new RunEvent(type, Ticket.Iteration, values));
    }
}
