using System.Text.Json;
using System.Text.Json.Nodes;
using Madrl.Grains.Abstractions;
using Madrl.Protocols;

namespace Madrl.Grains;

/// <summary>Keeps the events of a run in its metrics file, and the latest in memory for whoever watches.</summary>
[RunPlacement]
public sealed class MetricsGrain(IRunArchive archive) : Grain, IMetricsGrain
{
    private const string SequenceKey = "sequence";

    private readonly Fence _fence = new();
    private List<EventMessage> _kept = [];
    private IMetricsFile? _file;
    private long _next;

    private string Run => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken) => _kept = await ReadFileAsync();

    /// <inheritdoc/>
    public async Task Open(long epoch, long iteration)
    {
        _fence.Admit(new Ticket(epoch, iteration));
        if (_file is not null) await _file.DisposeAsync();
        _file = archive.OpenMetrics(Run, iteration);
        _kept = await ReadFileAsync();
        _next = EventMessage.FirstOf(epoch);
    }

    /// <inheritdoc/>
    public Task Append(long epoch, long iteration, string type, string json)
    {
        _fence.Admit(new Ticket(epoch, iteration));
        var file = _file ?? throw new InvalidOperationException("The metrics were not opened in this activation.");
        var row = JsonNode.Parse(json)!.AsObject();
        row[SequenceKey] = _next;
        json = row.ToJsonString();
        file.Append(json);
        if (type == "finished") archive.WriteSummary(Run, json);
        Keep(_kept, new EventMessage(_next++, type, iteration, json));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Flush(long epoch, long iteration)
    {
        _fence.Admit(new Ticket(epoch, iteration));
        return _file?.FlushAsync() ?? Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<EventMessage[]> Read(long after) => Task.FromResult(_kept.Where(message => message.Sequence > after).ToArray());

    /// <inheritdoc/>
    public async Task Forget()
    {
        if (_file is not null) await _file.DisposeAsync();
        _file = null;
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_file is not null) await _file.DisposeAsync();
    }

    /// <summary>What was told before: so that a watcher sees the whole course of a run that goes on here.</summary>
    private Task<List<EventMessage>> ReadFileAsync() => Task.Run(() =>
    {
        var kept = new List<EventMessage>();
        foreach (var json in archive.ReadMetrics(Run))
        {
            using var row = JsonDocument.Parse(json);
            var (type, iteration) = (row.RootElement.GetProperty("type").GetString()!, row.RootElement.GetProperty("iteration").GetInt64());
            Keep(kept, new EventMessage(row.RootElement.GetProperty(SequenceKey).GetInt64(), type, iteration, json));
        }

        return kept;
    });

    private static void Keep(List<EventMessage> kept, EventMessage message)
    {
        kept.Add(message);
        if (kept.Count <= IMetricsGrain.MaxKept) return;
        var progress = kept.FindIndex(old => old.Type == "progress");
        kept.RemoveAt(Math.Max(progress, 0));
    }
}
