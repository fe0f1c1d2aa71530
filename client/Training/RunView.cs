using System.Text.Json;
using Madrl.Client;
using Madrl.Grains.Abstractions;
using Madrl.Protocols.Runs;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Training;

/// <summary>All that the displays know of a run: what it is, where it stands, how it went so far.</summary>
internal sealed class RunView
{
    private readonly List<(long Iteration, ReturnEstimate Return)> _evaluations = [];
    private (long Steps, double Seconds)? _start;

    /// <summary>The view of a run.</summary>
    /// <param name="run">Where it stands at first.</param>
    /// <param name="place">Where it lives.</param>
    public RunView(RunReport run, RunPlace place) => (Run, Place) = (run, place);

    /// <summary>Where the run lives.</summary>
    public RunPlace Place { get; }

    /// <summary>The last report.</summary>
    public RunReport Run { get; private set; }

    /// <summary>The finished event; null before it.</summary>
    public RunSummary? Summary { get; private set; }

    /// <summary>Evaluations so far, oldest first.</summary>
    public IReadOnlyList<ReturnEstimate> Evaluations => [.. _evaluations.Select(evaluation => evaluation.Return)];

    /// <summary>Environment steps per second since this process watches the run; null before there is a measure.</summary>
    public double? StepsPerSecond { get; private set; }

    /// <summary>Time left at the present speed.</summary>
    public TimeSpan? Left => StepsPerSecond is { } speed ? TimeSpan.FromSeconds((Run.TotalSteps - Run.EnvSteps) / speed) : null;

    /// <summary>What is safe on disk, in words.</summary>
    public string Committed => Run.Checkpoint is { } last
        ? $"the last checkpoint is that of iteration {last.Iteration} ({Format.Count(last.EnvSteps)} steps)"
        : "no checkpoint was taken";

    /// <summary>Environment steps of a number of iterations.</summary>
    public long StepsAt(long iteration) => Run.Iterations == 0 ? 0 : iteration * (Run.TotalSteps / Run.Iterations);

    /// <summary>Takes in a report.</summary>
    public void Take(RunReport run)
    {
        Run = run;
        if (!run.Active || run.Activity == "opening") return;
        _start ??= (run.EnvSteps, run.Seconds);
        var (steps, seconds) = (run.EnvSteps - _start.Value.Steps, run.Seconds - _start.Value.Seconds);
        if (steps > 0 && seconds > 0) StepsPerSecond = steps / seconds;
        else if (steps < 0) _start = null;
    }

    /// <summary>Takes in an event.</summary>
    public void Take(EventMessage message)
    {
        if (message.Type == "finished") Summary = RunSummary.Parse(message.Json);
        if (message.Type == "restored") _evaluations.RemoveAll(evaluation => evaluation.Iteration > message.Iteration);
        if (message.Type != "evaluation") return;
        using var row = JsonDocument.Parse(message.Json);
        var (mean, ci95) = (row.RootElement.GetProperty("returnMean"), row.RootElement.GetProperty("returnCi95"));
        _evaluations.Add((message.Iteration, new ReturnEstimate(mean.GetDouble(), ci95.GetDouble())));
    }
}
