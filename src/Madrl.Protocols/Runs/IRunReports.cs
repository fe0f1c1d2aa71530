namespace Madrl.Protocols.Runs;

/// <summary>Where the reports of runs lie: their metrics and summaries.</summary>
public interface IRunReports
{
    /// <summary>Opens a run's metrics for appending; rows beyond <paramref name="iteration"/> are dropped first.</summary>
    /// <exception cref="IOException">The file cannot be opened or repaired.</exception>
    /// <exception cref="UnavailableException">The storage does not answer.</exception>
    Task<IMetricsFile> OpenMetricsAsync(string run, long iteration);

    /// <summary>The whole rows of a run's metrics, oldest first; none where there is no file.</summary>
    Task<IReadOnlyList<string>> ReadMetricsAsync(string run);

    /// <summary>Writes the run's summary durably: its <c>finished</c> event.</summary>
    /// <exception cref="IOException">The disk is full or read-only.</exception>
    /// <exception cref="UnavailableException">The storage does not answer.</exception>
    Task WriteSummaryAsync(string run, string json);

    /// <summary>Whether the run has a summary.</summary>
    Task<bool> HasSummaryAsync(string run);
}

/// <summary>A run's metrics: one JSON object a line.</summary>
public interface IMetricsFile : IAsyncDisposable
{
    /// <summary>Appends one line.</summary>
    /// <exception cref="IOException">The disk is full or read-only.</exception>
    void Append(string json);

    /// <summary>Makes all lines durable.</summary>
    /// <exception cref="UnavailableException">The storage does not answer.</exception>
    Task FlushAsync();
}
