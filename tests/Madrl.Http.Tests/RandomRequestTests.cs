using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Madrl.Http.Tests;

/// <summary>Whatever is asked, the server has an answer and goes on.</summary>
public sealed class RandomRequestTests(LiveServer server, ITestOutputHelper output)
{
    private const int Requests = 10_000, Connections = 8;

    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(4), MostPerRequest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<int, int> _statuses = [];
    private readonly ConcurrentQueue<string> _started = [], _troubles = [];

    [Fact]
    public async Task TenThousandRandomRequestsAreAnswered()
    {
        var seed = Random.Shared.Next();
        var run = await server.FinishAsync(await server.StartAsync());
        var size = (await server.Client.GetAgentAsync(run, 0)).ObservationSize;
        var question = JsonSerializer.Serialize(new { observations = new[] { new float[size], new float[size] } });
        var request = LiveServer.Request().ToJsonString();
        var before = await RunsAsync();
        var logged = server.Logs.Lines.Count;
        var memory = GC.GetTotalMemory(forceFullCollection: true);

        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            var random = new Random(seed + connection);
            using var http = server.Web.NewHttp();
            http.Timeout = MostPerRequest;
            for (var left = Requests / Connections; left > 0; left--)
                await SendAsync(http, random, RandomRequest.Next(random, run, request, question));
        }))).WaitAsync(MostTime);
        output.WriteLine($"seed {seed}, {clock.Elapsed.TotalSeconds:0.0} s, {string.Join(", ", _statuses.OrderBy(status => status.Key))}, {_started.Count} runs started");

        Assert.True(_troubles.IsEmpty, $"Seed {seed}:\n{string.Join("\n\n", _troubles.Take(5))}");
        Assert.True(server.Logs.Lines.Count == logged, $"Seed {seed}: {string.Join('\n', server.Logs.Lines.Skip(logged).Take(3))}");
        Assert.True(_statuses.ContainsKey(200) && _statuses.ContainsKey(400) && _statuses.ContainsKey(404) && _statuses.ContainsKey(405), "Too tame.");

        foreach (var started in _started)
        {
            await server.FinishAsync(started);
            await server.Client.DeleteAsync(started);
        }

        Assert.Equal(before, await RunsAsync());
        var grown = GC.GetTotalMemory(forceFullCollection: true) - memory;
        output.WriteLine($"{grown / 1024} KiB more memory");
        Assert.True(grown < 50 << 20, $"Seed {seed}: {grown} bytes more are in use.");
    }

    private async Task SendAsync(HttpClient http, Random random, RandomRequest request)
    {
        try
        {
            var raw = !request.Starts && random.Next(3) == 0;
            var (status, text) = raw ? await SendRawAsync(random, request) : await SendTidyAsync(http, request);
            if (status is { } known) _statuses.AddOrUpdate(known, 1, (_, count) => count + 1);
            if (status is 500 or (> 500 and not 501 and not 505)) _troubles.Enqueue($"{status} for {request.Method} {request.Target}: {text}");
            if (status == 201 != request.Starts) _troubles.Enqueue($"{status} for {request.Method} {request.Target}: {text}");
            if (status == 201) _started.Enqueue((string)System.Text.Json.Nodes.JsonNode.Parse(text)!["run"]!);
        }
        catch (Exception error)
        {
            _troubles.Enqueue($"{request.Method} {request.Target}: {error}");
        }
    }

    private async Task<(int? Status, string Text)> SendRawAsync(Random random, RandomRequest request)
    {
        // A mutation may leave the server waiting for the rest: the end of the sending side tells it that there is none.
        var bytes = request.ToBytes("localhost");
        var mutated = random.Next(2) == 0;
        var answer = await RawRequest.SendAsync(server.Web.Address, mutated ? RandomRequest.Mutated(random, bytes) : bytes, complete: !mutated);
        return (answer.Status, answer.Text);
    }

    private async Task<(int? Status, string Text)> SendTidyAsync(HttpClient http, RandomRequest request)
    {
        var target = new Uri(server.Web.Address.GetLeftPart(UriPartial.Authority) + request.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), target);
        foreach (var (name, value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (request.Body is not null && request.Method != "TRACE") message.Content = new ByteArrayContent(request.Body);
        if (message.Content is not null) message.Content.Headers.TryAddWithoutValidation("Content-Type", request.Type);
        using var answer = await http.SendAsync(message);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<string[]> RunsAsync() => [.. (await server.Client.ListAsync()).Select(entry => entry.Run).Order(StringComparer.Ordinal)];
}
