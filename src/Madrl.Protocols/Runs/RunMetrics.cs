using System.Text.Json;
using System.Text.Json.Nodes;

namespace Madrl.Protocols.Runs;

/// <summary>An event of a run with its number.</summary>
/// <param name="Sequence">Rises with every event of the run; those of an epoch count up from <see cref="FirstOf"/>.</param>
/// <param name="Type">Type of the event.</param>
/// <param name="Iteration">Iterations completed.</param>
/// <param name="Json">The event as one JSON object.</param>
public sealed record NumberedEvent(long Sequence, string Type, long Iteration, string Json)
{
    /// <summary>Number of an epoch's first event: higher than those of all epochs before.</summary>
    public static long FirstOf(long epoch) => (epoch << 32) + 1;
}

/// <summary>Takes the events of a run in.</summary>
public interface IMetricsMember
{
    /// <summary>Opens the metrics at a barrier: rows of the file beyond it are dropped.</summary>
    Task OpenAsync(Ticket ticket);

    /// <summary>Adds an event. Repeating a call changes nothing.</summary>
    /// <param name="ticket">Epoch and iteration.</param>
    /// <param name="sequence">Number of the event, higher than those before.</param>
    /// <param name="type">Type of the event.</param>
    /// <param name="json">The event as one JSON object.</param>
    Task AppendAsync(Ticket ticket, long sequence, string type, string json);

    /// <summary>Makes the file durable up to here.</summary>
    Task FlushAsync(Ticket ticket);
}

/// <summary>Keeps the events of a run in its metrics file, and the latest in memory for whoever watches.</summary>
/// <param name="run">Id of the run.</param>
/// <param name="reports">Where the file lies.</param>
public sealed class RunMetrics(string run, IRunReports reports) : IMetricsMember, IAsyncDisposable
{
    /// <summary>Most events that are kept in memory, progress going first; all are in the run's metrics file.</summary>
    public const int MaxKept = 4096;

    private const string SequenceKey = "sequence";

    private readonly Fence _fence = new();
    private List<NumberedEvent> _kept = [];
    private IMetricsFile? _file;
    private long _epoch;

    /// <summary>Reads what was told before, so that a watcher sees the whole course of a run that goes on here.</summary>
    public async Task LoadAsync()
    {
        var kept = new List<NumberedEvent>();
        foreach (var json in await reports.ReadMetricsAsync(run))
        {
            using var row = JsonDocument.Parse(json);
            var sequence = row.RootElement.GetProperty(SequenceKey).GetInt64();

            // An opening that was superseded without knowing it may have written after its successor: that does not count.
            if (kept.Count > 0 && sequence <= kept[^1].Sequence) continue;
            Keep(kept, new NumberedEvent(
                sequence, row.RootElement.GetProperty("type").GetString()!, row.RootElement.GetProperty("iteration").GetInt64(), json));
        }

        _kept = kept;
    }

    /// <summary>The events after a number, oldest first; 0 for all that are kept.</summary>
    public IEnumerable<NumberedEvent> After(long sequence) => _kept.Where(told => told.Sequence > sequence);

    /// <inheritdoc/>
    public Task OpenAsync(Ticket ticket) => _fence.OnceAsync($"open {ticket.Iteration}", ticket, async () =>
    {
        await DisposeAsync();
        _file = await reports.OpenMetricsAsync(run, ticket.Iteration);
        _epoch = ticket.Epoch;
        await LoadAsync();
        return true;
    });

    /// <inheritdoc/>
    public async Task AppendAsync(Ticket ticket, long sequence, string type, string json)
    {
        _fence.Admit(ticket);
        var file = Opened(ticket);
        if (_kept.Count > 0 && sequence <= _kept[^1].Sequence) return;
        var row = JsonNode.Parse(json)!.AsObject();
        row[SequenceKey] = sequence;
        json = row.ToJsonString();
        file.Append(json);
        Keep(_kept, new NumberedEvent(sequence, type, ticket.Iteration, json));
        if (type == "finished") await reports.WriteSummaryAsync(run, json);
    }

    /// <inheritdoc/>
    public Task FlushAsync(Ticket ticket)
    {
        _fence.Admit(ticket);
        return Opened(ticket).FlushAsync();
    }

    /// <summary>Closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        var file = _file;
        _file = null;
        if (file is not null) await file.DisposeAsync();
    }

    /// <summary>A file that another activation had is not this one's: what was not flushed there is gone, and must be told again.</summary>
    private IMetricsFile Opened(Ticket ticket) =>
        _file is not null && _epoch == ticket.Epoch ? _file : throw new NotOpenedException("metrics", ticket, null);

    private static void Keep(List<NumberedEvent> kept, NumberedEvent told)
    {
        kept.Add(told);
        if (kept.Count <= MaxKept) return;
        var progress = kept.FindIndex(old => old.Type == "progress");
        kept.RemoveAt(Math.Max(progress, 0));
    }
}
