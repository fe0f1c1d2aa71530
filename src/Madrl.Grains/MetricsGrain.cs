using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Orleans.Streams;

namespace Madrl.Grains;

/// <summary>Keeps the events of a run in its metrics file, the latest in memory, and publishes each to the run's stream.</summary>
public sealed class MetricsGrain(IRunArchive archive) : Grain, IMetricsGrain
{
    private readonly Fence _fence = new();
    private readonly Queue<EventMessage> _kept = new();
    private IMetricsFile? _file;
    private IAsyncStream<EventMessage> _stream = null!;
    private long _sequence;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stream = this.GetStreamProvider(IMetricsGrain.StreamProvider)
            .GetStream<EventMessage>(StreamId.Create(IMetricsGrain.StreamNamespace, this.GetPrimaryKeyString()));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Open(long epoch, long iteration)
    {
        _fence.Admit(new Ticket(epoch, iteration));
        if (_file is not null) await _file.DisposeAsync();
        _file = archive.OpenMetrics(this.GetPrimaryKeyString(), iteration);
    }

    /// <inheritdoc/>
    public async Task Append(long epoch, long iteration, string type, string json)
    {
        _fence.Admit(new Ticket(epoch, iteration));
        var file = _file ?? throw new InvalidOperationException("The metrics were not opened in this activation.");
        file.Append(json);
        if (type == "finished") archive.WriteSummary(this.GetPrimaryKeyString(), json);
        var message = new EventMessage(++_sequence, type, iteration, json);
        _kept.Enqueue(message);
        if (_kept.Count > IMetricsGrain.MaxKept) _kept.Dequeue();
        await _stream.OnNextAsync(message);
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
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_file is not null) await _file.DisposeAsync();
    }
}
