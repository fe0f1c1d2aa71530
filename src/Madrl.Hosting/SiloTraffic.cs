using System.Diagnostics.Metrics;
using Madrl.Grains;

namespace Madrl.Hosting;

/// <summary>
/// What this silo sends to other silos, counted where Orleans puts messages on the wire: headers, bodies and all, and probes
/// and membership too. Answers to clients do not count.
/// </summary>
public sealed class SiloTraffic : IDisposable
{
    private const string OrleansMeter = "Microsoft.Orleans", SentSize = "orleans-messaging-sent-messages-size";
    private const string Direction = "ConnectionDirection", BetweenSilos = "SiloToSilo";

    private readonly MeterListener _listener = new();
    private long _bytes;
    private long _messages;
    private long _largest;

    /// <summary>Begins to count.</summary>
    public SiloTraffic()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == OrleansMeter && instrument.Name == SentSize) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, bytes, tags, _) => Count(bytes, tags));
        _listener.Start();
    }

    /// <summary>Bytes sent so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Messages sent so far.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Bytes of the largest message.</summary>
    public long Largest => Volatile.Read(ref _largest);

    /// <summary>Stops counting.</summary>
    public void Dispose() => _listener.Dispose();

    private void Count(int bytes, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name != Direction) continue;
            if (value?.ToString() != BetweenSilos) return;
        }

        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Increment(ref _messages);
        Instrumentation.SiloBytes.Add(bytes);
        for (var known = Largest; bytes > known; known = Largest) Interlocked.CompareExchange(ref _largest, bytes, known);
    }
}
