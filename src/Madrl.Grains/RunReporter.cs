using System.Text.Json;
using System.Text.Json.Nodes;
using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Grains;

/// <summary>The run's report as calls to its metrics grain.</summary>
internal sealed class RunReporter(IGrainFactory grains, string run, CallCounter calls) : IRunReporter
{
    private readonly IMetricsGrain _metrics = grains.GetGrain<IMetricsGrain>(run);

    public Task OpenAsync(Ticket ticket) => _metrics.Open(ticket.Epoch, ticket.Iteration);

    public Task ReportAsync(Ticket ticket, RunEvent happened)
    {
        var json = new JsonObject { ["type"] = happened.Type, ["run"] = run, ["iteration"] = happened.Iteration };
        foreach (var (name, value) in happened.Values) json[name] = JsonSerializer.SerializeToNode(value);
        if (happened.Type == "finished")
        {
            json["calls"] = JsonSerializer.SerializeToNode(calls.Calls);
            json["messagesBytes"] = calls.Bytes;
        }

        return _metrics.Append(ticket.Epoch, ticket.Iteration, happened.Type, json.ToJsonString());
    }

    public Task FlushAsync(Ticket ticket) => _metrics.Flush(ticket.Epoch, ticket.Iteration);
}
