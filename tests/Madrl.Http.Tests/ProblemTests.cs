using System.Text.Json.Nodes;
using Madrl.Client;
using Madrl.Protocols.Runs;

namespace Madrl.Http.Tests;

/// <summary>What goes wrong behind the API has a status of its own.</summary>
public sealed class ProblemTests
{
    public static TheoryData<Exception, int, bool> Problems => new()
    {
        { new ArgumentException("Told."), 400, true },
        { new UnknownRunException("Told."), 404, true },
        { new RunUnavailableException("Told."), 409, true },
        { new SiloUnreachableException("Told."), 503, true },
        { new IOException("Told."), 507, true },
        { new InvalidOperationException("Told."), 500, false },
        { new NullReferenceException("Told."), 500, false },
        { new OperationCanceledException("Told."), 500, false },
    };

    [Theory]
    [MemberData(nameof(Problems), DisableDiscoveryEnumeration = true)]
    public async Task AnErrorIsAProblemWithItsStatus(Exception error, int status, bool told)
    {
        var logs = new LogCollector();
        await using var web = await WebServer.StartAsync(new FakeClient { Error = error }, logs);
        (string Method, string Address, string? Body)[] requests =
        [
            ("GET", "", null), ("GET", "/a-run", null), ("DELETE", "/a-run", null), ("POST", "/a-run/stop", null),
            ("POST", "/a-run/resume", null), ("GET", "/a-run/events", null), ("GET", "/a-run/agents", null), ("GET", "/a-run/agents/0", null),
            ("POST", "/a-run/agents/0/act", "{\"observations\":[[0]]}"), ("POST", "", "{\"task\":\"simple-spread\"}"),
        ];
        foreach (var (method, address, body) in requests)
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), "/api/v1/runs" + address);
            if (body is not null) request.Content = new StringContent(body, null, "application/json");
            using var answer = await web.Http.SendAsync(request);
            Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal((status, told), ((int)problem["status"]!, (string)problem["detail"]! == "Told."));
        }

        // What the caller did wrong is no news for the log; what went wrong here is told once each.
        Assert.Equal(told ? 0 : requests.Length, logs.Lines.Count);
    }
}
