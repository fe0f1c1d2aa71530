using System.Net;
using Madrl.Protocols.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Madrl.Http.Tests;

/// <summary>The events of a run as a stream.</summary>
public sealed class EventTests(LiveServer server)
{
    [Fact]
    public async Task EventsRiseAndEndWithFinished()
    {
        var run = await server.StartAsync();
        using var reader = await EventReader.OpenAsync(server.Http, run);
        Assert.Equal("text/event-stream", reader.Answer.Content.Headers.ContentType!.MediaType);
        Assert.True(reader.Answer.Headers.CacheControl!.NoStore);
        var events = await reader.ToEndAsync();
        Assert.Equal("finished", events[^1].Type);
        Assert.Equal(events.Select(next => next.Id).Distinct().Order(), events.Select(next => next.Id));
        Assert.All(events, next => Assert.Equal((next.Type, run), ((string)next.Data["type"]!, (string)next.Data["run"]!)));
        Assert.Contains(events, next => next.Type == "progress");
    }

    [Fact]
    public async Task AReaderGoesOnAfterTheEventItKnows()
    {
        var run = await server.StartAsync(steps: 100_000_000);
        long known;
        using (var first = await EventReader.OpenAsync(server.Http, run))
        {
            await first.NextAsync();
            known = (await first.NextAsync())!.Id;
        }

        using var second = await EventReader.OpenAsync(server.Http, run, after: known);
        Assert.Equal(known + 1, (await second.NextAsync())!.Id);
        await server.Client.StopAsync(run);
        var rest = await second.ToEndAsync();
        Assert.DoesNotContain(rest, next => next.Id <= known);
        await server.Client.DeleteAsync(run);
    }

    [Fact]
    public async Task AReaderThatKnowsTheEndIsToldNotToComeBack()
    {
        var run = await server.FinishedAsync();
        using var all = await EventReader.OpenAsync(server.Http, run);
        var last = (await all.ToEndAsync())[^1].Id;
        using var again = await EventReader.OpenAsync(server.Http, run, after: last);
        Assert.Equal(HttpStatusCode.NoContent, again.Answer.StatusCode);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("last")]
    [InlineData("99999999999999999999")]
    public async Task AnIdThatNoEventHasIsRefused(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{await server.FinishedAsync()}/events");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", id);
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Last-Event-ID", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStreamIsOpenBeforeItsFirstEvent()
    {
        await using var web = await WebServer.StartAsync(new FakeClient(), new LogCollector());
        using var reader = await EventReader.OpenAsync(web.Http, "silent-run");
        Assert.Equal(HttpStatusCode.OK, reader.Answer.StatusCode);
    }

    [Fact]
    public async Task TheStreamOfARunThatIsDeletedEnds()
    {
        var logs = new LogCollector();
        var client = new FakeClient { Events = (_, _) => FakeClient.Breaking(2, new UnknownRunException("Gone.")) };
        await using var web = await WebServer.StartAsync(client, logs);
        using var reader = await EventReader.OpenAsync(web.Http, "a-run");
        Assert.Equal(2, (await reader.ToEndAsync()).Count);
        Assert.Empty(logs.Lines);
    }

    [Fact]
    public async Task AStreamThatFailsBreaksOffRatherThanEnds()
    {
        var logs = new LogCollector();
        var client = new FakeClient { Events = (_, _) => FakeClient.Breaking(2, new InvalidOperationException("A mistake.")) };
        await using var web = await WebServer.StartAsync(client, logs);
        using var reader = await EventReader.OpenAsync(web.Http, "a-run");
        await Assert.ThrowsAnyAsync<IOException>(async () => await reader.ToEndAsync());
        Assert.Contains("/api/v1/runs/a-run/events failed", Assert.Single(logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatStopsEndsAStreamAtOnce()
    {
        var logs = new LogCollector();
        await using var web = await WebServer.StartAsync(new FakeClient(), logs);
        web.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var reader = await EventReader.OpenAsync(web.Http, "silent-run");
        Assert.Equal((HttpStatusCode.OK, null), (reader.Answer.StatusCode, await reader.NextAsync()));
        Assert.Empty(logs.Lines);
    }

    [Fact]
    public async Task StoppingTheServerEndsItsStreams()
    {
        var web = await WebServer.StartAsync(new FakeClient(), new LogCollector());
        using var http = web.NewHttp();
        using var reader = await EventReader.OpenAsync(http, "silent-run");
        await web.DisposeAsync().AsTask().WaitAsync(Limits.Hang);
        Assert.Null(await reader.NextAsync());
    }
}
