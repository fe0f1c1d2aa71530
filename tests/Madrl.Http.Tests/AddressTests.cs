namespace Madrl.Http.Tests;

/// <summary>No address reaches a file, and none stops the server.</summary>
public sealed class AddressTests(LiveServer server)
{
    [Theory]
    [InlineData("..", 404)]
    [InlineData("../outside", 404)]
    [InlineData("..%2foutside", 404)]
    [InlineData("..%2Foutside", 404)]
    [InlineData("%2e%2e%2foutside", 404)]
    [InlineData("..%5coutside", 404)]
    [InlineData("..\\outside", 404)]
    [InlineData("%2e%2e", 404)]
    [InlineData("%2fetc%2fpasswd", 404)]
    [InlineData(".outside.deleted", 404)]
    [InlineData("a%0d%0aX-Injected:%201", 404)]
    [InlineData("%F0%9F%92%A9", 404)]
    [InlineData("%ED%A0%80", 404)]
    [InlineData("%ff%fe", 404)]
    [InlineData("%", 404)]
    [InlineData("UPPER", 404)]
    [InlineData("con", 404)]
    [InlineData("a%00b", 400)]
    public async Task ARunThatIsNotAnIdIsNotFound(string run, int status)
    {
        var before = Outside();
        string[] requests =
            ["GET {0}", "DELETE {0}", "POST {0}/stop", "POST {0}/resume", "GET {0}/events", "GET {0}/agents", "GET {0}/agents/0", "POST {0}/agents/0/act"];
        foreach (var request in requests)
        {
            var line = request.Replace("{0}", "/api/v1/runs/" + run, StringComparison.Ordinal);
            var answer = await RawRequest.SendAsync(
                server.Web.Address, $"{line} HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: 25", "{\"observations\":[[0, 0]]}");

            // A server that takes .. away may come to another address of its own, where a method is not known.
            Assert.True(answer.Status == status || (answer.Status == 405 && run.StartsWith("..", StringComparison.Ordinal)), $"{line}: {answer.Text}");
            Assert.False(answer.Has("X-Injected"), answer.Text);
        }

        Assert.Equal(before, Outside());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task AVeryLongIdIsNotFound(string method) =>
        Assert.Equal(404, (await RawRequest.SendAsync(server.Web.Address, $"{method} /api/v1/runs/{new string('a', 7000)} HTTP/1.1\nHost: localhost")).Status);

    [Theory]
    [InlineData("TRACE")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("HEAD")]
    [InlineData("NONSENSE")]
    public async Task AMethodThatIsNotMappedIsRefused(string method)
    {
        foreach (var address in new[] { "/", "/api/v1/runs", $"/api/v1/runs/{await server.FinishedAsync()}", "/api/v1/runs/a/stop", "/health/live" })
            Assert.Equal(405, (await RawRequest.SendAsync(server.Web.Address, $"{method} {address} HTTP/1.1\nHost: localhost")).Status);
    }

    [Theory]
    [InlineData("/none")]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/api/v2/openapi.json")]
    [InlineData("/api/v1/runs/a/b")]
    [InlineData("/index.html")]
    [InlineData("/appsettings.json")]
    [InlineData("/../../etc/passwd")]
    [InlineData("/..%2f..%2fetc%2fpasswd")]
    public async Task AnAddressThatIsNotMappedIsNotFound(string address) =>
        Assert.Equal(404, (await RawRequest.SendAsync(server.Web.Address, $"GET {address} HTTP/1.1\nHost: localhost")).Status);

    [Theory]
    [InlineData("GET /LONG HTTP/1.1\nHost: localhost")]
    [InlineData("GET /api/v1/runs?LONG HTTP/1.1\nHost: localhost")]
    [InlineData("GET /api/v1/runs HTTP/1.1\nHost: localhost\nX-Long: LONG")]
    [InlineData("GET /api/v1/runs HTTP/1.1\nHost: localhost\nMANY")]
    [InlineData("GET /api/v1/runs HTTP/1.1\nHost: localhost\nContent-Length: -1")]
    [InlineData("GET /api/v1/runs HTTP/1.1\nHost: localhost\nContent-Length: 99999999999999999999")]
    [InlineData("POST /api/v1/runs HTTP/1.1\nHost: localhost\nContent-Length: 1\nTransfer-Encoding: chunked")]
    [InlineData("GET  /api/v1/runs HTTP/1.1\nHost: localhost")]
    [InlineData("GET /api/v1/runs HTTP/9.9\nHost: localhost")]
    [InlineData("GET /api/v1/runs\nHost: localhost")]
    [InlineData("PRI * HTTP/2.0\n")]
    [InlineData("\u0000\u0001\u0002")]
    public async Task AFloodIsRefusedAndTheServerGoesOn(string request)
    {
        var many = string.Join('\n', Enumerable.Range(0, 2000).Select(index => $"X-{index}: {index}"));
        var flood = request.Replace("LONG", new string('a', 100_000), StringComparison.Ordinal).Replace("MANY", many, StringComparison.Ordinal);
        var answer = await RawRequest.SendAsync(server.Web.Address, flood, "x");

        // A server that stops reading may close before its answer is read.
        Assert.True(answer.Status is null or (>= 400 and < 500) or 505, answer.Text);
        Assert.Equal(200, (await RawRequest.SendAsync(server.Web.Address, "GET /health/live HTTP/1.1\nHost: localhost")).Status);
    }

    [Fact]
    public async Task ABodyThatNeverComesIsNotWaitedFor()
    {
        var head = RawRequest.Bytes("POST /api/v1/runs HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: 100");
        Assert.Equal(408, (await RawRequest.SendAsync(server.Web.Address, head, complete: true)).Status);
    }

    /// <summary>Every file beside the runs, and the runs' names.</summary>
    private string[] Outside()
    {
        var outside = Directory.CreateDirectory(Path.Combine(server.Outside, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "run.json"), "{}");
        string[] folders = [server.Outside, outside, Directory.CreateDirectory(server.Runs).FullName];
        return [.. folders.SelectMany(folder => Directory.GetFileSystemEntries(folder)).Order()];
    }
}
