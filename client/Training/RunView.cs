using System.Text.Json;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Training;

/// <summary>All that the displays know of a run: what it is, where it stands, how it went so far.</summary>
internal sealed class RunView
{
    private readonly List<ReturnEstimate> _evaluations = [];
    private (long Steps, double Seconds)? _start;

    /// <summary>The view of a run that is about to start or to go on.</summary>
    public RunView(RunFolder folder, string outDirectory)
    {
        (Folder, OutDirectory) = (folder, outDirectory);
        Game = GameCatalog.Find(Run.Task).Create(1, Run.Rules, Run.Game).Spec;
        Schedule = new RunSchedule(Run, Game.EpisodeLimit);
    }

    /// <summary>Its folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>The folder of run folders, as the user named it.</summary>
    public string OutDirectory { get; }

    /// <summary>What decides the run.</summary>
    public RunSpecification Run => Folder.Specification;

    /// <summary>The game.</summary>
    public GameSpec Game { get; }

    /// <summary>When it evaluates and saves.</summary>
    public RunSchedule Schedule { get; }

    /// <summary>The last status; null before the first.</summary>
    public StatusReply? Status { get; private set; }

    /// <summary>Control state of the last status.</summary>
    public RunState State { get; private set; } = new();

    /// <summary>Evaluations of this opening, oldest first.</summary>
    public IReadOnlyList<ReturnEstimate> Evaluations => _evaluations;

    /// <summary>Environment steps of the whole run: whole iterations.</summary>
    public long TotalSteps => Schedule.Iterations * Schedule.StepsPerIteration;

    /// <summary>Environment steps per second since this process goes on with the run; null before there is a measure.</summary>
    public double? StepsPerSecond { get; private set; }

    /// <summary>Time left at the present speed.</summary>
    public TimeSpan? Left => Status is { } status && StepsPerSecond is { } speed
        ? TimeSpan.FromSeconds((TotalSteps - status.EnvironmentSteps) / speed) : null;

    /// <summary>What is safe on disk, in words.</summary>
    public string Committed => CommittedStep is { } step
        ? $"the last checkpoint is that of iteration {step / Schedule.StepsPerIteration} ({Format.Count(step)} steps)"
        : "no checkpoint was taken";

    /// <summary>Environment step of the last checkpoint; null before the first.</summary>
    public long? CommittedStep => State.Checkpoints is [.., var last] ? last.Iteration * Schedule.StepsPerIteration : null;

    /// <summary>Takes in a status.</summary>
    public void Take(StatusReply status)
    {
        Status = status;
        State = JsonSerializer.Deserialize<RunState>(status.Results)!;
        if (status.Phase != RunPhase.Running || status.Activity == "opening") return;
        _start ??= (status.EnvironmentSteps, status.Seconds);
        var (steps, seconds) = (status.EnvironmentSteps - _start.Value.Steps, status.Seconds - _start.Value.Seconds);
        if (steps > 0 && seconds > 0) StepsPerSecond = steps / seconds;
    }

    /// <summary>Takes in an event.</summary>
    public void Take(EventMessage message)
    {
        if (message.Type != "evaluation") return;
        using var row = JsonDocument.Parse(message.Json);
        var (mean, ci95) = (row.RootElement.GetProperty("returnMean"), row.RootElement.GetProperty("returnCi95"));
        _evaluations.Add(new ReturnEstimate(mean.GetDouble(), ci95.GetDouble()));
    }
}
