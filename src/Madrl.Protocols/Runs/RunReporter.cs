using System.Text.Json;
using System.Text.Json.Nodes;

namespace Madrl.Protocols.Runs;

/// <summary>The run's report as calls to its metrics.</summary>
/// <param name="run">Id of the run.</param>
/// <param name="metrics">Its metrics.</param>
/// <param name="ending">What else is told when the run has finished.</param>
public sealed class RunReporter(string run, IMetricsMember metrics, Func<IReadOnlyDictionary<string, object?>> ending) : IRunReporter
{
    private long _epoch;
    private long _next;

    /// <inheritdoc/>
    public Task OpenAsync(Ticket ticket)
    {
        // Within an epoch numbers only rise: an older checkpoint may be opened after a damaged one.
        if (_epoch != ticket.Epoch) (_epoch, _next) = (ticket.Epoch, NumberedEvent.FirstOf(ticket.Epoch));
        return metrics.OpenAsync(ticket);
    }

    /// <inheritdoc/>
    public Task ReportAsync(Ticket ticket, RunEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var json = new JsonObject { ["type"] = happened.Type, ["run"] = run, ["iteration"] = happened.Iteration };
        var values = happened.Type == "finished" ? happened.Values.Concat(ending()) : happened.Values;
        foreach (var (name, value) in values) json[name] = JsonSerializer.SerializeToNode(value);
        return metrics.AppendAsync(ticket, _next++, happened.Type, json.ToJsonString());
    }

    /// <inheritdoc/>
    public Task FlushAsync(Ticket ticket) => metrics.FlushAsync(ticket);
}
