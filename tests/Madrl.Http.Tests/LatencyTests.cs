using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Madrl.Http.Tests;

/// <summary>How fast an agent answers over HTTP.</summary>
public sealed class LatencyTests(LiveServer server, ITestOutputHelper output)
{
    private const int Questions = 2000, Rounds = 3;

    [Fact]
    public async Task AnAgentAnswersInUnderAMillisecondAtTheMedian()
    {
        var run = await server.FinishedAsync();
        var size = (await server.Client.GetAgentAsync(run, 0)).ObservationSize;
        var body = JsonSerializer.SerializeToUtf8Bytes(new { observations = new[] { Enumerable.Range(0, size).Select(index => 0.1f * index).ToArray() } });
        using var http = server.Web.NewHttp();
        for (var warmUp = 0; warmUp < Questions; warmUp++) await AskAsync(http, run, body);

        // Other programs share this machine, so the best round counts.
        var best = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var times = new long[Questions];
            for (var question = 0; question < Questions; question++)
            {
                var start = Stopwatch.GetTimestamp();
                await AskAsync(http, run, body);
                times[question] = Stopwatch.GetTimestamp() - start;
            }

            Array.Sort(times);
            var (median, high) = (Milliseconds(times[Questions / 2]), Milliseconds(times[Questions * 99 / 100]));
            output.WriteLine($"median {median:0.000} ms, 99 % {high:0.000} ms");
            best = Math.Min(best, median);
        }

        Assert.InRange(best, 0, 1);
    }

    private static double Milliseconds(long ticks) => 1000.0 * ticks / Stopwatch.Frequency;

    private static async Task AskAsync(HttpClient http, string run, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.PostAsync($"/api/v1/runs/{run}/agents/0/act", content);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }
}
