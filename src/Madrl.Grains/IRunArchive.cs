namespace Madrl.Grains;

/// <summary>Where a run's report lies, whatever the storage: the metrics file in the run's folder.</summary>
public interface IRunArchive
{
    /// <summary>Opens a run's metrics for appending; rows beyond <paramref name="iteration"/> are dropped first.</summary>
    /// <exception cref="IOException">The file cannot be opened or repaired.</exception>
    IMetricsFile OpenMetrics(string run, long iteration);

    /// <summary>Writes the run's summary durably: its <c>finished</c> event.</summary>
    /// <exception cref="IOException">The disk is full or read-only.</exception>
    void WriteSummary(string run, string json);
}

/// <summary>A run's metrics: one JSON object a line.</summary>
public interface IMetricsFile : IAsyncDisposable
{
    /// <summary>Appends one line.</summary>
    /// <exception cref="IOException">The disk is full or read-only.</exception>
    void Append(string json);

    /// <summary>Makes all lines durable.</summary>
    Task FlushAsync();
}
