using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Madrl.Client;
using Madrl.Grains.Abstractions;
using Madrl.Protocols.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madrl.Http;

/// <summary>
/// Events of runs as server-sent events (HTML standard, section 9.2). An event is fetched only when the reader has taken the one
/// before, so a slow reader costs no memory; one that takes nothing for <see cref="Patience"/> is dropped and counted.
/// </summary>
internal sealed class EventStreams(
    IMadrlClient client, IHostApplicationLifetime lifetime, TimeProvider time, IMeterFactory meters, ILogger<EventStreams> logger)
{
    /// <summary>Most readers at a time; one more is told to come back later.</summary>
    public const int MaxReaders = 256;

    /// <summary>How long a reader may take for an event.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Counter<long> _dropped = meters.Create("Madrl").CreateCounter<long>(
        "madrl.http.readers.dropped", "{reader}", "Readers of events that were too slow");

    private int _readers;

    /// <summary>Writes the events of a run to the response until the run trains no more or the reader goes away.</summary>
    public async Task WriteAsync(HttpContext context, string run)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var after = After(context.Request);

        // While the server stops, a stream that ends at once makes a browser come back; an error would make it give up.
        var report = await client.GetAsync(run, context.RequestAborted);
        if (after > 0 && report.Phase is "stopped" or "finished" or "failed" && !report.Active && !await AnyAsync(run, after, end.Token))
        {
            // This answer, and no other, tells a browser not to come back.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        if (Interlocked.Increment(ref _readers) > MaxReaders)
        {
            Interlocked.Decrement(ref _readers);
            await Results.Problem($"{MaxReaders} readers follow events already; try again later.", statusCode: 503).ExecuteAsync(context);
            return;
        }

        try
        {
            await OpenAsync(context, end.Token);
            await foreach (var message in client.FollowAsync(run, after, end.Token)) await WriteAsync(context, message, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
        catch (Exception error) when (error is SiloUnreachableException or UnknownRunException or RunUnavailableException)
        {
            // The run did not come back, or was deleted. The end of the stream lets the reader ask again and hear which.
        }
        catch (TimeoutException)
        {
            _dropped.Add(1);
            context.Abort();
        }
        catch (Exception error) when (context.Response.HasStarted)
        {
            // Too late for an answer: a stream that breaks off tells the reader that this was not its end.
            logger.LogUnexpected(context.Request, error);
            context.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    /// <summary>Whether there is something that a reader who comes back to an ended run has missed.</summary>
    private async Task<bool> AnyAsync(string run, long after, CancellationToken end)
    {
        await foreach (var _ in client.FollowAsync(run, after, end)) return true;
        return false;
    }

    /// <summary>Sends the headers: the first event may be an iteration away.</summary>
    private static Task OpenAsync(HttpContext context, CancellationToken end)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";

        // Kestrel has a patience too, and drops readers without counting them.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        return context.Response.Body.FlushAsync(end);
    }

    private async Task WriteAsync(HttpContext context, EventMessage message, CancellationToken end)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"id: {message.Sequence}\nevent: {message.Type}\ndata: {message.Json}\n\n");
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), end).AsTask().WaitAsync(Patience, time, end);
        await context.Response.Body.FlushAsync(end).WaitAsync(Patience, time, end);
    }

    private static long After(HttpRequest request)
    {
        var text = request.Headers["Last-Event-ID"].ToString();
        if (text.Length == 0) return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after
            : throw new ArgumentException("Last-Event-ID must be the id of an event, a whole number.");
    }
}
