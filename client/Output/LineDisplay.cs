using Madrl.Grains.Abstractions;
using Madrl.Terminal.Training;

namespace Madrl.Terminal.Output;

/// <summary>Plain lines, for pipes and files: data on stdout, narration on stderr.</summary>
internal sealed class LineDisplay(RunView view) : IRunDisplay
{
    /// <summary>Progress in between would only fill a file.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private long _lastProgress = TimeProvider.System.GetTimestamp();

    private bool IsProgressDue => TimeProvider.System.GetElapsedTime(_lastProgress) >= ProgressInterval;

    /// <inheritdoc/>
    public Task ShowAsync(Func<Task> follow) => follow();

    /// <inheritdoc/>
    public void Tell(EventMessage message)
    {
        var steps = $"step {Format.Count(view.StepsAt(message.Iteration))}";
        if (message.Type == "evaluation") Console.Out.WriteLine($"{steps}: {PanelText.Evaluation(view)}");
        else if (message.Type == "checkpoint") Console.Out.WriteLine($"{steps}: checkpoint saved");
        else if (message.Type == "progress" && IsProgressDue) Progress(steps);
        else if (RunDisplays.Narration(message) is { } narration) Notice(narration);
    }

    /// <inheritdoc/>
    public void Refresh()
    {
    }

    /// <inheritdoc/>
    public void Notice(string text) => Console.Error.WriteLine(text);

    /// <inheritdoc/>
    public void Abandon()
    {
    }

    /// <inheritdoc/>
    public void Finished(RunSummary summary) => SummaryText.Write(summary, view);

    private void Progress(string steps)
    {
        _lastProgress = TimeProvider.System.GetTimestamp();
        Console.Out.WriteLine($"{steps} of {Format.Count(view.Run.TotalSteps)}{PanelText.Speed(view)}");
    }
}
