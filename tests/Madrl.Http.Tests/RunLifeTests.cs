using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Madrl.Http.Tests;

/// <summary>A run from its start to its end by plain calls.</summary>
public sealed class RunLifeTests(LiveServer server)
{
    [Fact]
    public async Task AStartedRunHasAnIdOfTheServerAndAnAddress()
    {
        using var answer = await server.Http.PostAsJsonAsync("/api/v1/runs", LiveServer.Request());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var run = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["run"]!;
        Assert.StartsWith("simple-spread-mappo-s1-", run, StringComparison.Ordinal);
        Assert.Equal($"/api/v1/runs/{run}", answer.Headers.Location!.OriginalString);

        await server.FinishAsync(run);
        var report = (await server.Http.GetFromJsonAsync<JsonObject>(answer.Headers.Location))!;
        Assert.Equal(("finished", 400L, 10L), ((string)report["phase"]!, (long)report["envSteps"]!, (long)report["iteration"]!));
        Assert.Equal(64, ((string)report["checkpoint"]!["weightsHash"]!).Length);
    }

    [Fact]
    public async Task TwoStartsOfOneRequestAreTwoRuns()
    {
        var runs = await Task.WhenAll(server.StartAsync(), server.StartAsync());
        Assert.NotEqual(runs[0], runs[1]);
        var entries = (await server.Http.GetFromJsonAsync<JsonArray>("/api/v1/runs"))!.Select(entry => (string)entry!["run"]!).ToArray();
        Assert.All(runs, run => Assert.Contains(run, entries));
        foreach (var run in runs) await server.FinishAsync(run);
    }

    [Fact]
    public async Task ARunInTrainingIsStoppedResumedAndDeleted()
    {
        var run = await server.StartAsync(steps: 100_000_000);
        using (var events = await EventReader.OpenAsync(server.Http, run))
        {
            Assert.NotNull(await events.NextAsync());
            Assert.Equal(HttpStatusCode.Conflict, await DeleteAsync(run));
            await AskAsync(run, "stop");
            Assert.Equal("stopped", (await events.ToEndAsync())[^1].Type);
        }

        var stopped = await ReportAsync(run);
        Assert.Equal(("stopped", false), ((string)stopped["phase"]!, (bool)stopped["active"]!));
        Assert.True((long)stopped["iteration"]! > 0);

        await AskAsync(run, "resume");
        Assert.True((bool)(await ReportAsync(run))["active"]!);
        await AskAsync(run, "stop");
        await server.FinishAsync(run);

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(run));
        Assert.False(Directory.Exists(Path.Combine(server.Runs, run)));
        foreach (var address in new[] { "", "/events", "/agents", "/agents/0" })
            Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync($"/api/v1/runs/{run}{address}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(run));
    }

    [Fact]
    public async Task StoppingAndResumingAFinishedRunChangesNothing()
    {
        var run = await server.FinishedAsync();
        var before = await server.Http.GetStringAsync($"/api/v1/runs/{run}");
        await AskAsync(run, "stop");
        await AskAsync(run, "resume");
        Assert.Equal(before, await server.Http.GetStringAsync($"/api/v1/runs/{run}"));
    }

    private async Task<JsonObject> ReportAsync(string run) => (await server.Http.GetFromJsonAsync<JsonObject>($"/api/v1/runs/{run}"))!;

    private async Task<HttpStatusCode> DeleteAsync(string run)
    {
        using var answer = await server.Http.DeleteAsync($"/api/v1/runs/{run}");
        return answer.StatusCode;
    }

    private async Task AskAsync(string run, string what)
    {
        using var answer = await server.Http.PostAsync($"/api/v1/runs/{run}/{what}", null);
        Assert.Equal((HttpStatusCode.Accepted, $"/api/v1/runs/{run}"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }
}
