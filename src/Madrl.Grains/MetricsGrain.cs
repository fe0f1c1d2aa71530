using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Grains;

/// <summary>Keeps the events of a run in its metrics file, and the latest in memory for whoever watches.</summary>
[RunPlacement]
public sealed class MetricsGrain(IRunArchive archive) : Grain, IMetricsGrain
{
    private RunMetrics _metrics = null!;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _metrics = new RunMetrics(this.GetPrimaryKeyString(), archive);
        return _metrics.LoadAsync();
    }

    /// <inheritdoc/>
    public Task Open(long epoch, long iteration) => _metrics.OpenAsync(new Ticket(epoch, iteration));

    /// <inheritdoc/>
    public Task Append(long epoch, long iteration, long sequence, string type, string json) =>
        _metrics.AppendAsync(new Ticket(epoch, iteration), sequence, type, json);

    /// <inheritdoc/>
    public Task Flush(long epoch, long iteration) => _metrics.FlushAsync(new Ticket(epoch, iteration));

    /// <inheritdoc/>
    public Task<EventMessage[]> Read(long after) => Task.FromResult<EventMessage[]>(
        [.. _metrics.After(after).Select(told => new EventMessage(told.Sequence, told.Type, told.Iteration, told.Json))]);

    /// <inheritdoc/>
    public async Task Forget()
    {
        await _metrics.DisposeAsync();
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _metrics.DisposeAsync().AsTask();
}
