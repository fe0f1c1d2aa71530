using Madrl.Grains.Abstractions;

namespace Madrl.Terminal.Output;

/// <summary>NDJSON: the run's own events on stdout as they are, narration on stderr.</summary>
internal sealed class JsonDisplay : IRunDisplay
{
    private const string FinishedType = "finished";

    private bool _finished;

    /// <inheritdoc/>
    public Task ShowAsync(Func<Task> follow) => follow();

    /// <inheritdoc/>
    public void Tell(EventMessage message)
    {
        if (message.Type is "progress" or "evaluation" or "checkpoint" or FinishedType) Console.Out.WriteLine(message.Json);
        else if (RunDisplays.Narration(message) is { } narration) Notice(narration);
        _finished |= message.Type == FinishedType;
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
    public void Finished(RunSummary summary)
    {
        // A run that was finished before has no event to show any more.
        if (!_finished) Console.Out.WriteLine(summary.Json);
    }
}
