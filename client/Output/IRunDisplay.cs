using Madrl.Grains.Abstractions;

namespace Madrl.Terminal.Output;

/// <summary>How a run is shown while it goes on. Safe to be told things from several threads.</summary>
internal interface IRunDisplay
{
    /// <summary>Shows the run while <paramref name="follow"/> follows it.</summary>
    Task ShowAsync(Func<Task> follow);

    /// <summary>Tells an event.</summary>
    void Tell(EventMessage message);

    /// <summary>The view has changed.</summary>
    void Refresh();

    /// <summary>Tells something beside the run's own events: narration.</summary>
    void Notice(string text);

    /// <summary>The process ends at once: leaves the terminal as it was.</summary>
    void Abandon();

    /// <summary>The run is done.</summary>
    void Finished(RunSummary summary);
}
