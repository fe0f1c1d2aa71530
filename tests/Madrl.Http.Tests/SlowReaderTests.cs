using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.Channels;
using Madrl.Grains.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Madrl.Http.Tests;

/// <summary>Readers of events cost a bounded amount of everything.</summary>
public sealed class SlowReaderTests
{
    private const int EventBytes = 64 * 1024;

    /// <summary>What the buffers of two sockets and of Kestrel hold is some megabytes; this is far more.</summary>
    private const long MostEvents = 1024;

    [Fact]
    public async Task AReaderThatTakesNothingIsDroppedAndCountedAndOthersGoOn()
    {
        var (time, taken, paced) = (new FakeTimeProvider(), 0L, Channel.CreateUnbounded<EventMessage>());
        var client = new FakeClient
        {
            Events = (run, end) => run == "paced" ? paced.Reader.ReadAllAsync(end) : FakeClient.Endless(EventBytes, count => taken = count, end),
        };
        await using var web = await WebServer.StartAsync(client, new LogCollector(), time);
        using var dropped = new Dropped(web.Services);
        using var other = await EventReader.OpenAsync(web.Http, "paced");
        using var slow = await RawRequest.ConnectAsync(web.Address, receiveBuffer: 4096);
        await slow.SendAsync(RawRequest.Bytes("GET /api/v1/runs/endless/events HTTP/1.1\nHost: localhost"));

        // Less than the patience passes, however long the buffers take to fill: nobody is dropped.
        await Limits.UntilAsync(() => Task.FromResult(Interlocked.Read(ref taken) > 4), "events are taken");
        time.Advance(EventStreams.Patience - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, dropped.Count);

        await Limits.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(dropped.Count > 0);
            },
            "the slow reader is dropped");
        var last = Interlocked.Read(ref taken);
        Assert.InRange(last, 5, MostEvents);

        for (var sequence = 1; sequence <= 3; sequence++)
        {
            await paced.Writer.WriteAsync(new EventMessage(sequence, "progress", sequence, "{}"));
            Assert.Equal(sequence, (await other.NextAsync())!.Id);
        }

        Assert.Equal((1, last), (dropped.Count, Interlocked.Read(ref taken)));
        await ResetAsync(slow);
    }

    [Fact]
    public async Task AReaderThatReadsSlowlyButReadsIsKept()
    {
        var (time, taken) = (new FakeTimeProvider(), 0L);
        var client = new FakeClient { Events = (_, end) => FakeClient.Endless(EventBytes, count => Interlocked.Exchange(ref taken, count), end) };
        await using var web = await WebServer.StartAsync(client, new LogCollector(), time);
        using var dropped = new Dropped(web.Services);
        using var reader = await EventReader.OpenAsync(web.Http, "endless");
        for (var sequence = 1; sequence <= 500; sequence++)
        {
            // Five times the patience in all, but never all of it between two events.
            time.Advance(EventStreams.Patience / 100);
            Assert.Equal(sequence, (await reader.NextAsync())!.Id);
            Assert.InRange(Interlocked.Read(ref taken), sequence, sequence + MostEvents);
        }

        Assert.Equal(0, dropped.Count);
    }

    [Fact]
    public async Task OneReaderTooManyIsToldToComeBackLater()
    {
        await using var web = await WebServer.StartAsync(new FakeClient(), new LogCollector());
        using var http = web.NewHttp();
        var readers = await Task.WhenAll(Enumerable.Range(0, EventStreams.MaxReaders).Select(_ => EventReader.OpenAsync(http, "a-run")));
        Assert.All(readers, reader => Assert.Equal(HttpStatusCode.OK, reader.Answer.StatusCode));
        using (var one = await http.GetAsync("/api/v1/runs/a-run/events"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, one.StatusCode);
            Assert.Contains("256 readers", await one.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/runs/a-run")).StatusCode);
        readers[0].Dispose();
        await Limits.UntilAsync(
            async () =>
            {
                using var next = await EventReader.OpenAsync(http, "a-run");
                return next.Answer.StatusCode == HttpStatusCode.OK;
            },
            "a place is free again");
        foreach (var reader in readers) reader.Dispose();
    }

    /// <summary>Reads what is left, until the server's reset.</summary>
    private static async Task ResetAsync(System.Net.Sockets.Socket socket)
    {
        using var hang = new CancellationTokenSource(Limits.Hang);
        var buffer = new byte[1 << 20];
        var error = await Record.ExceptionAsync(async () =>
        {
            while (await socket.ReceiveAsync(buffer, hang.Token) > 0)
            {
            }
        });
        Assert.IsType<System.Net.Sockets.SocketException>(error);
    }

    /// <summary>The counter of one server.</summary>
    private sealed class Dropped : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public Dropped(IServiceProvider services)
        {
            var meters = services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "madrl.http.readers.dropped" && instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _count, count));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
