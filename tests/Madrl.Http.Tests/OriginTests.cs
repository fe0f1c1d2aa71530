namespace Madrl.Http.Tests;

/// <summary>Pages of other origins, and names that point here, do not reach the API.</summary>
public sealed class OriginTests(LiveServer server)
{
    private int Port => server.Web.Address.Port;

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("localhost:PORT")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:PORT")]
    [InlineData("[::1]")]
    [InlineData("[::1]:PORT")]
    public async Task AHostOfThisMachineIsAnswered(string host) => Assert.Equal(200, (await GetAsync(host)).Status);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:PORT")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.168.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("0.0.0.0")]
    [InlineData("2130706433")]
    [InlineData("[::]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("localhost.")]
    [InlineData("localhost:80@evil.example")]
    [InlineData("")]
    public async Task AForeignHostIsRefused(string host) => Assert.Equal(400, (await GetAsync(host)).Status);

    [Fact]
    public async Task NoHostAndTwoHostsAreRefused()
    {
        Assert.Equal(400, (await RawRequest.SendAsync(server.Web.Address, "GET /api/v1/runs HTTP/1.1")).Status);
        Assert.Equal(400, (await RawRequest.SendAsync(server.Web.Address, "GET /api/v1/runs HTTP/1.0")).Status);
        Assert.Equal(400, (await GetAsync("localhost", "Host: evil.example")).Status);
        Assert.Equal(400, (await RawRequest.SendAsync(server.Web.Address, "GET http://evil.example/api/v1/runs HTTP/1.1\nHost: localhost")).Status);
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT")]
    public async Task OurOwnOriginIsAnswered(string origin) =>
        Assert.Equal(200, (await GetAsync("127.0.0.1:PORT", $"Origin: {origin}", "Sec-Fetch-Site: same-origin")).Status);

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("https://127.0.0.1:PORT")]
    [InlineData("http://localhost:PORT")]
    [InlineData("http://127.0.0.1:PORT.evil.example")]
    [InlineData("http://127.0.0.1:PORT, http://evil.example")]
    [InlineData("http://127.0.0.1:PORT\nOrigin: http://evil.example")]
    public async Task AnotherOriginIsRefused(string origin) =>
        Assert.Equal(403, (await GetAsync("127.0.0.1:PORT", $"Origin: {origin}")).Status);

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("", 403)]
    [InlineData("same-origin\nSec-Fetch-Site: cross-site", 403)]
    [InlineData("same-origin", 200)]
    [InlineData("none", 200)]
    public async Task BrowsersSayWhereARequestComesFrom(string site, int status) =>
        Assert.Equal(status, (await GetAsync("127.0.0.1:PORT", $"Sec-Fetch-Site: {site}")).Status);

    [Fact]
    public async Task ForeignPagesReachNothingElseEither()
    {
        string[] requests = ["GET / HTTP/1.1", "GET /health/live HTTP/1.1", "GET /api/v1/openapi.json HTTP/1.1", "POST /api/v1/runs HTTP/1.1", "GET /none HTTP/1.1"];
        foreach (var request in requests)
        {
            Assert.Equal(400, (await RawRequest.SendAsync(server.Web.Address, $"{request}\nHost: evil.example\nContent-Length: 0")).Status);
            Assert.Equal(403, (await RawRequest.SendAsync(server.Web.Address, $"{request}\nHost: localhost\nOrigin: http://evil.example\nContent-Length: 0")).Status);
        }
    }

    [Theory]
    [InlineData("GET /api/v1/runs HTTP/1.1", 200)]
    [InlineData("GET /api/v1/runs/none HTTP/1.1", 404)]
    [InlineData("GET /none HTTP/1.1", 404)]
    [InlineData("GET / HTTP/1.1", 200)]
    [InlineData("OPTIONS /api/v1/runs HTTP/1.1\nAccess-Control-Request-Method: POST\nAccess-Control-Request-Headers: content-type", 405)]
    [InlineData("OPTIONS /api/v1/runs HTTP/1.1\nOrigin: http://evil.example\nAccess-Control-Request-Method: POST", 403)]
    public async Task NothingIsSharedAndEverythingIsProtected(string request, int status)
    {
        var answer = await RawRequest.SendAsync(server.Web.Address, $"{request}\nHost: localhost");
        Assert.Equal(status, answer.Status);
        Assert.False(answer.Has("Access-Control-"), answer.Text);
        Assert.False(answer.Has("Server:"), answer.Text);
        Assert.True(answer.Has("X-Content-Type-Options: nosniff"), answer.Text);
        Assert.True(answer.Has("Content-Security-Policy: default-src 'self'; frame-ancestors 'none'"), answer.Text);
    }

    private Task<RawAnswer> GetAsync(string host, params string[] headers)
    {
        var head = $"GET /api/v1/runs HTTP/1.1\nHost: {host}{string.Concat(headers.Select(header => "\n" + header))}";
        return RawRequest.SendAsync(server.Web.Address, head.Replace("PORT", $"{Port}", StringComparison.Ordinal));
    }
}
