using System.Threading.Channels;
using Madrl.Grains.Abstractions;
using Orleans.Streams;

namespace Madrl.Terminal.Training;

/// <summary>
/// A run's events in order, each once: live from the stream, and what the stream has not delivered from the metrics grain.
/// </summary>
internal sealed class RunFeed : IAsyncDisposable
{
    private readonly Channel<EventMessage> _delivered =
        Channel.CreateUnbounded<EventMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IMetricsGrain _metrics;
    private StreamSubscriptionHandle<EventMessage>? _subscription;
    private long _last;

    private RunFeed(IMetricsGrain metrics) => _metrics = metrics;

    /// <summary>Begins to listen; before the run starts, so that nothing is missed.</summary>
    public static async Task<RunFeed> OpenAsync(IClusterClient client, string run)
    {
        var feed = new RunFeed(client.GetGrain<IMetricsGrain>(run));
        var stream = client.GetStreamProvider(IMetricsGrain.StreamProvider)
            .GetStream<EventMessage>(StreamId.Create(IMetricsGrain.StreamNamespace, run));
        feed._subscription = await stream.SubscribeAsync((message, _) =>
        {
            feed._delivered.Writer.TryWrite(message);
            return Task.CompletedTask;
        });
        return feed;
    }

    /// <summary>Completes when the stream has delivered something.</summary>
    public Task WaitAsync() => _delivered.Reader.WaitToReadAsync().AsTask();

    /// <summary>What has been delivered since the last call; a gap before it is filled.</summary>
    public async Task<IReadOnlyList<EventMessage>> TakeAsync()
    {
        var taken = new List<EventMessage>();
        while (_delivered.Reader.TryRead(out var message))
        {
            if (message.Sequence <= _last) continue;
            if (message.Sequence > _last + 1) taken.AddRange(await TakeRestAsync());
            else taken.Add(message);
            _last = Math.Max(_last, message.Sequence);
        }

        return taken;
    }

    /// <summary>Everything that the run has told and that was not taken yet.</summary>
    public async Task<IReadOnlyList<EventMessage>> TakeRestAsync()
    {
        var rest = await _metrics.Read(_last);
        if (rest.Length > 0) _last = rest[^1].Sequence;
        return rest;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_subscription is not null) await _subscription.UnsubscribeAsync();
    }
}
