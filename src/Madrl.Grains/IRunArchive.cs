using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Grains;

/// <summary>Where the runs of this silo and their reports lie, whatever the storage: run folders, by default.</summary>
public interface IRunArchive
{
    /// <summary>Checks a request and makes a run from it.</summary>
    /// <exception cref="ArgumentException">The request is wrong. Nothing was made.</exception>
    /// <exception cref="IOException">The disk is full or read-only.</exception>
    Task<RunSpecification> CreateAsync(RunRequest request);

    /// <summary>What decides a run, which this silo has from now on.</summary>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">Another process has it, or its folder is damaged.</exception>
    Task<RunSpecification> OpenAsync(string run);

    /// <summary>The runs, by id; <c>Here</c> is true for those that this silo has.</summary>
    Task<IReadOnlyList<(RunEntry Entry, bool Here)>> ListAsync();

    /// <summary>Deletes everything about a run that this silo has.</summary>
    /// <exception cref="IOException">The disk is read-only.</exception>
    Task DeleteAsync(string run);

    /// <summary>Opens a run's metrics for appending; rows beyond <paramref name="iteration"/> are dropped first.</summary>
    /// <exception cref="IOException">The file cannot be opened or repaired.</exception>
    IMetricsFile OpenMetrics(string run, long iteration);

    /// <summary>The whole rows of a run's metrics, oldest first; none where there is no file.</summary>
    IReadOnlyList<string> ReadMetrics(string run);

    /// <summary>Writes the run's summary durably: its <c>finished</c> event.</summary>
    /// <exception cref="IOException">The disk is full or read-only.</exception>
    void WriteSummary(string run, string json);

    /// <summary>Whether the run has a summary.</summary>
    bool HasSummary(string run);
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
