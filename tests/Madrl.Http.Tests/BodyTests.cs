using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Madrl.Http.Tests;

/// <summary>Bodies that are not what an address takes are refused in words.</summary>
public sealed class BodyTests(LiveServer server)
{
    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/jsonx")]
    [InlineData("application/problem+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=none-such")]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData(null)]
    public async Task OnlyJsonIsTaken(string? type)
    {
        foreach (var address in new[] { "/api/v1/runs", $"/api/v1/runs/{await server.FinishedAsync()}/agents/0/act" })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(LiveServer.Request().ToJsonString()));
            if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await server.Http.PostAsync(address, content);
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON; charset=UTF-8")]
    public async Task JsonIsTaken(string type) => Assert.Equal(HttpStatusCode.OK, (await ActAsync(await ZerosAsync(1), type)).Status);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABodyOverTheLimitIsRefused(bool chunked)
    {
        var text = (await ZerosAsync(1)).Replace("[[", new string(' ', MadrlHttp.MaxBodyBytes) + "[[", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/runs/{await server.FinishedAsync()}/agents/0/act");
        request.Content = new StringContent(text, null, "application/json");
        request.Headers.TransferEncodingChunked = chunked;

        // The server closes the connection rather than read on: who waits for its word gets it.
        request.Headers.ExpectContinue = true;
        using var http = server.Web.NewHttp();
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task ABodyAtTheLimitIsTaken()
    {
        var text = await ZerosAsync(4096);
        text = text.Insert(1, new string(' ', MadrlHttp.MaxBodyBytes - text.Length));
        Assert.Equal(HttpStatusCode.OK, (await ActAsync(text)).Status);
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("{", "JSON")]
    [InlineData("[]", "JSON")]
    [InlineData("{}", "observations")]
    [InlineData("{\"observations\":null}", "observations")]
    [InlineData("{\"observations\":7}", "observations")]
    [InlineData("{\"observations\":[]}", "0 observations")]
    [InlineData("{\"observations\":[[]]}", "observes")]
    [InlineData("{\"observations\":[null]}", "missing")]
    [InlineData("{\"observations\":[[0],null]}", "missing")]
    [InlineData("{\"observations\":[[0],[0,0]]}", "different lengths")]
    [InlineData("{\"observations\":[[0,0]]}", "observes")]
    [InlineData("{\"observations\":[[null]]}", "observations[0][0]")]
    [InlineData("{\"observations\":[[\"1\"]]}", "observations[0][0]")]
    [InlineData("{\"observations\":[[NaN]]}", "'N'")]
    [InlineData("{\"observations\":[[\"NaN\"]]}", "observations[0][0]")]
    [InlineData("{\"observations\":[[0]],\"observations\":[[0]]}", "Duplicate")]
    [InlineData("{\"observations\":[[0]],\"path\":\"/etc/passwd\"}", "path")]
    [InlineData("{\"observations\":[[0]]} {}", "JSON")]
    [InlineData("{\"observations\":[[0,],]}", "JSON")]
    [InlineData("{/**/\"observations\":[[0]]}", "'/'")]
    public async Task AQuestionThatIsWrongIsRefusedInWords(string body, string word) => Refused(await ActAsync(body), word);

    [Theory]
    [InlineData("1e39")]
    [InlineData("-1e999")]
    [InlineData("3.4e38")]
    public async Task HugeNumbersAreRefused(string number)
    {
        var size = (await server.Client.GetAgentAsync(await server.FinishedAsync(), 0)).ObservationSize;
        var row = string.Join(',', Enumerable.Range(0, size).Select(index => index % 2 == 0 ? number : $"-{number}".Replace("--", "", StringComparison.Ordinal)));
        Refused(await ActAsync($"{{\"observations\":[[{row}]]}}"), "");
    }

    [Fact]
    public async Task TooManyObservationsAreRefused() => Refused(await ActAsync(await ZerosAsync(5000)), "give 1 to 4096");

    [Fact]
    public async Task DeepNestingIsRefused() => Refused(await ActAsync(new string('[', 100_000)), "JSON");

    [Fact]
    public async Task AnAgentThatIsNotThereIsRefused()
    {
        Refused(await ActAsync(await ZerosAsync(1), agent: "2"), "agents 0 to 1");
        foreach (var agent in new[] { "-1", "x", "99999999999", "0x0", "1e0" }) Assert.Equal(HttpStatusCode.NotFound, (await ActAsync(await ZerosAsync(1), agent: agent)).Status);
    }

    [Theory]
    [InlineData("task", "null", "task")]
    [InlineData("task", "\"no-such-task\"", "no-such-task")]
    [InlineData("task", "\"../../etc\"", "../../etc")]
    [InlineData("task", "\"\\ud800\"", "task")]
    [InlineData("algorithm", "\"no-such\"", "no-such")]
    [InlineData("algorithm", "null", "algorithm")]
    [InlineData("rules", "\"no-such\"", "no-such")]
    [InlineData("steps", "0", "steps")]
    [InlineData("steps", "-1", "steps")]
    [InlineData("steps", "1e400", "steps")]
    [InlineData("steps", "\"400\"", "steps")]
    [InlineData("steps", "1.5", "steps")]
    [InlineData("steps", "99999999999999999999999", "steps")]
    [InlineData("seed", "-1", "seed")]
    [InlineData("copies", "100000", "copies")]
    [InlineData("shards", "9", "shards")]
    [InlineData("threads", "2147483647", "threads")]
    [InlineData("settings", "null", "settings")]
    [InlineData("settings", "[]", "settings")]
    [InlineData("settings", "{\"hidden\":8}", "settings.hidden")]
    [InlineData("settings", "{\"hidden\":null}", "hidden")]
    [InlineData("settings", "{\"hiden\":\"8\"}", "hiden")]
    [InlineData("settings", "{\"hidden\":\"8\",\"hidden\":\"9\"}", "Duplicate")]
    [InlineData("run", "\"my-own-id\"", "run")]
    [InlineData("path", "\"/etc\"", "path")]
    public async Task ARequestThatIsWrongIsRefusedInWordsAndMakesNothing(string property, string value, string word)
    {
        var before = Directory.GetFileSystemEntries(server.Outside, "*", SearchOption.AllDirectories).Length;
        var request = LiveServer.Request();
        request.Remove(property);
        var body = request.ToJsonString()[..^1] + $",\"{property}\":{value}}}";
        Refused(await PostAsync("/api/v1/runs", body, "application/json"), word);
        Assert.Equal(before, Directory.GetFileSystemEntries(server.Outside, "*", SearchOption.AllDirectories).Length);
    }

    private static void Refused((HttpStatusCode Status, string Text) answer, string word)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var problem = JsonNode.Parse(answer.Text)!;
        Assert.Equal(400, (int)problem["status"]!);
        Assert.Contains(word, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    /// <summary>A right question: as many observations of nothing.</summary>
    private async Task<string> ZerosAsync(int rows)
    {
        var size = (await server.Client.GetAgentAsync(await server.FinishedAsync(), 0)).ObservationSize;
        var row = $"[{string.Join(',', Enumerable.Repeat("0", size))}]";
        return $"{{\"observations\":[{string.Join(',', Enumerable.Repeat(row, rows))}]}}";
    }

    private async Task<(HttpStatusCode Status, string Text)> ActAsync(string body, string type = "application/json", string agent = "0") =>
        await PostAsync($"/api/v1/runs/{await server.FinishedAsync()}/agents/{agent}/act", body, type);

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string address, string body, string type)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await server.Http.PostAsync(address, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
