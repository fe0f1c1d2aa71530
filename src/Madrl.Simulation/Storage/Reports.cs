using System.Text.Json;
using Madrl.Protocols.Runs;
using Madrl.Simulation.Cluster;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Storage;

/// <summary>The run's metrics and summary in storage.</summary>
internal sealed class ReportFiles
{
    private readonly List<string> _rows = [];
    private int _durable;

    /// <summary>The summary; null before the run has finished.</summary>
    public string? Summary { get; set; }

    /// <summary>The rows, oldest first.</summary>
    public string[] Rows => [.. _rows];

    /// <summary>Adds a row, which is not durable yet.</summary>
    public void Append(string json) => _rows.Add(json);

    /// <summary>All rows survive from now on.</summary>
    public void Flush() => _durable = _rows.Count;

    /// <summary>Drops the rows beyond an iteration.</summary>
    public void Truncate(long iteration)
    {
        _rows.RemoveAll(row => IterationOf(row) > iteration);
        Flush();
    }

    /// <summary>A crash: of the rows that were not durable some are there, from the first on.</summary>
    public void Crash(Chance chance)
    {
        var kept = _durable + chance.Below(_rows.Count - _durable + 1);
        _rows.RemoveRange(kept, _rows.Count - kept);
        Flush();
    }

    private static long IterationOf(string json)
    {
        using var row = JsonDocument.Parse(json);
        return row.RootElement.GetProperty("iteration").GetInt64();
    }
}

/// <summary>The reports as one activation knows them.</summary>
/// <param name="disk">The way to storage.</param>
/// <param name="files">The storage.</param>
/// <param name="who">The activation.</param>
internal sealed class Reports(Disk disk, ReportFiles files, Party who) : IRunReports
{
    /// <inheritdoc/>
    public Task<IMetricsFile> OpenMetricsAsync(string run, long iteration) => disk.WriteAsync<IMetricsFile>(who, "open metrics", () =>
    {
        files.Truncate(iteration);
        return new MetricsFile(disk, files, who);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadMetricsAsync(string run) => disk.ReadAsync<IReadOnlyList<string>>(who, "read metrics", () => files.Rows);

    /// <inheritdoc/>
    public Task WriteSummaryAsync(string run, string json) => disk.WriteAsync(who, "summary", () => files.Summary = json);

    /// <inheritdoc/>
    public Task<bool> HasSummaryAsync(string run) => disk.ReadAsync(who, "summary", () => files.Summary is not null);

    private sealed class MetricsFile(Disk disk, ReportFiles files, Party who) : IMetricsFile
    {
        public void Append(string json) => files.Append(json);

        public Task FlushAsync() => disk.WriteAsync(who, "flush metrics", () =>
        {
            files.Flush();
            return true;
        });

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
