using System.Net.Http.Json;
using Microsoft.Extensions.Logging;

namespace Madrl.Http.Tests;

/// <summary>What the environment keeps secret reaches no file, answer or log.</summary>
public sealed class SecretTests(LiveServer server)
{
    [Fact]
    public async Task TheEnvironmentReachesNoFileAnswerOrLog()
    {
        // Set before the silo and the web server start, by LiveServer.
        Assert.Contains(LiveServer.Secret, Environment.GetEnvironmentVariable(LiveServer.SecretVariable), StringComparison.Ordinal);
        var logs = new LogCollector(LogLevel.Trace);
        await using var web = await WebServer.StartAsync(server.Client, logs);
        var run = await server.FinishAsync(await server.StartAsync());
        var answers = new List<string>();
        string[] addresses =
        [
            "/api/v1/runs", $"/api/v1/runs/{run}", $"/api/v1/runs/{run}/events", $"/api/v1/runs/{run}/agents", "/api/v1/openapi.json", "/",
            "/api/v1/runs/none",
        ];
        foreach (var address in addresses)
            answers.Add(await (await web.Http.GetAsync(address)).Content.ReadAsStringAsync());
        foreach (var body in new object[] { new { task = $"${LiveServer.SecretVariable}" }, new { task = "simple-spread", nothing = 1 }, 7 })
            answers.Add(await (await web.Http.PostAsJsonAsync("/api/v1/runs", body)).Content.ReadAsStringAsync());

        // The lock is empty, and nobody else can open it.
        var files = Directory.GetFiles(Path.Combine(server.Runs, run), "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).ToArray();
        foreach (var name in new[] { "run.json", "metrics.jsonl", "summary.json" }) Assert.Contains(files, file => Path.GetFileName(file) == name);
        Assert.NotEmpty(logs.Lines);
        Assert.All(files, file => Assert.DoesNotContain(LiveServer.Secret, ReadShared(file), StringComparison.Ordinal));
        Assert.All(answers.Concat(logs.Lines).Concat(server.Logs.Lines), text => Assert.DoesNotContain(LiveServer.Secret, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/v1/runs/a-run")]
    [InlineData("/api/v1/runs/a-run/events")]
    public async Task WhatAnUnexpectedErrorQuotesIsNeitherAnsweredNorLogged(string address)
    {
        var logs = new LogCollector(LogLevel.Trace);
        await using var web = await WebServer.StartAsync(new FakeClient { Error = Quoting() }, logs);
        using var answer = await web.Http.GetAsync(address);
        Assert.Equal(500, (int)answer.StatusCode);
        Assert.DoesNotContain(LiveServer.Secret, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        TellsWhereAlone(logs);
    }

    [Fact]
    public async Task WhatBreaksAStreamIsNotLoggedEither()
    {
        var logs = new LogCollector(LogLevel.Trace);
        await using var web = await WebServer.StartAsync(new FakeClient { Events = (_, _) => FakeClient.Breaking(1, Quoting()) }, logs);
        using (var reader = await EventReader.OpenAsync(web.Http, "a-run")) await Assert.ThrowsAnyAsync<IOException>(reader.ToEndAsync);
        TellsWhereAlone(logs);
    }

    private static InvalidOperationException Quoting() =>
        new($"Cannot connect with {LiveServer.Secret}.", new FormatException($"{LiveServer.Secret} has no user name."));

    private static void TellsWhereAlone(LogCollector logs)
    {
        Assert.All(logs.Lines, line => Assert.DoesNotContain(LiveServer.Secret, line, StringComparison.Ordinal));
        var error = Assert.Single(logs.Lines, line => line.StartsWith("Error ", StringComparison.Ordinal));
        foreach (var part in new[] { "/api/v1/runs/a-run", "System.InvalidOperationException", "System.FormatException", nameof(FakeClient) })
            Assert.Contains(part, error, StringComparison.Ordinal);
    }

    /// <summary>A file that the silo has open; the database is bytes, in which ASCII stays what it is.</summary>
    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(stream, System.Text.Encoding.Latin1);
        return text.ReadToEnd();
    }
}
