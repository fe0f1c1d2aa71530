using System.Globalization;
using System.Text;

namespace Madrl.Http.Tests;

/// <summary>A request that a seed decides: mostly nearly right, because what is nearly right gets furthest.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Its headers, without those of the body.</param>
/// <param name="Type">Content type; null for none.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Starts">Whether it is a right request to start a run.</param>
internal sealed record RandomRequest(
    string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, string? Type, byte[]? Body, bool Starts)
{
    private static readonly string[] Methods = ["GET", "GET", "GET", "POST", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW"];

    private static readonly string[] Pieces =
    [
        "", ".", "..", "/", "//", "%2f", "%2e%2e", "%5c", "%00", "%0d%0a", "%", "%zz", "%F0%9F%92%A9", "%ff", "?", "#", "?a=b&a=c", "'", "\"", "<script>",
        "{run}", "*", "~", "con", "-1", "0", "1", "2147483648", "agents", "act", "runs", "events", "api", "v1", "v2", "openapi.json", "aaaaaaaaaaaaaaaa",
    ];

    private static readonly string[] Tokens =
    [
        "null", "true", "0", "-0", "1", "-1", "1.5", "1e400", "-1e400", "1e39", "9223372036854775808", "NaN", "Infinity", "\"\"", "\"NaN\"", "\"\\ud800\"",
        "\"\\u0000\"", "\"../..\"", "[]", "[[]]", "[null]", "[[null]]", "{}", "{\"\":\"\"}", "{\"a\":{\"a\":{}}}", ",", ":", "//", "/**/", "\uFEFF",
    ];

    /// <param name="random">Decides everything.</param>
    /// <param name="run">A run that is there.</param>
    /// <param name="request">A right request to start a run.</param>
    /// <param name="question">A right question to an agent.</param>
    public static RandomRequest Next(Random random, string run, string request, string question)
    {
        // Now and then a run is really started: it costs time, and must be stopped and deleted after.
        if (random.Next(1500) == 0) return new RandomRequest("POST", "/api/v1/runs", [], "application/json", Encoding.UTF8.GetBytes(request), Starts: true);
        string[] paths =
        [
            "/api/v1/runs", $"/api/v1/runs/{run}", $"/api/v1/runs/{run}/stop", $"/api/v1/runs/{run}/resume", $"/api/v1/runs/{run}/events",
            $"/api/v1/runs/{run}/agents", $"/api/v1/runs/{run}/agents/0", $"/api/v1/runs/{run}/agents/1/act", $"/api/v1/runs/{run}/agents/0/act",
            "/health/live", "/health/ready", "/", "/dashboard.js",
        ];
        var path = Pick(random, paths);
        var method = random.Next(4) > 0 ? (path.EndsWith("act", StringComparison.Ordinal) ? "POST" : "GET") : Pick(random, Methods);
        if (random.Next(100) == 0) path = "/api/v1/openapi.json";
        if (random.Next(3) == 0) path = MutatedPath(random, path);

        // Without the run that all others ask about, the rest would be tame.
        if (method == "DELETE") path = path.Replace(run, "another-run", StringComparison.Ordinal);
        var body = random.Next(3) == 0 && method != "POST" ? null : SomeBody(random, path.EndsWith("runs", StringComparison.Ordinal) ? request : question);

        // A run may be asked for only where that is meant.
        if (method == "POST" && body is not null && !path.EndsWith("act", StringComparison.Ordinal)) body = [.. body, (byte)'x'];
        var type = body is null ? null : random.Next(8) > 0 ? "application/json" : Pick(random, ["text/plain", "application/json; charset=x", "multipart/form-data", "*/*", ";"]);
        return new RandomRequest(method, path, SomeHeaders(random), type, body, Starts: false);
    }

    /// <summary>The request as it goes over the wire.</summary>
    public byte[] ToBytes(string host)
    {
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{Method} {Target} HTTP/1.1\nHost: {host}"));
        foreach (var (name, value) in Headers) head.Append(CultureInfo.InvariantCulture, $"\n{name}: {value}");
        if (Type is not null) head.Append(CultureInfo.InvariantCulture, $"\nContent-Type: {Type}");
        head.Append(CultureInfo.InvariantCulture, $"\nContent-Length: {Body?.Length ?? 0}");
        return [.. RawRequest.Bytes(head.ToString()), .. Body ?? []];
    }

    /// <summary>Some bytes changed, missing or repeated.</summary>
    public static byte[] Mutated(Random random, byte[] bytes)
    {
        var result = bytes.ToList();
        for (var change = random.Next(1, 4); change > 0 && result.Count > 0; change--)
        {
            var at = random.Next(result.Count);
            switch (random.Next(4))
            {
                case 0: result[at] = (byte)random.Next(256); break;
                case 1: result.RemoveRange(at, random.Next(1, Math.Min(20, result.Count - at) + 1)); break;
                case 2: result.InsertRange(at, [.. result.Skip(at).Take(random.Next(1, 200))]); break;
                default: result.RemoveRange(at, result.Count - at); break;
            }
        }

        return [.. result];
    }

    private static byte[] SomeBody(Random random, string right)
    {
        var text = random.Next(4) switch
        {
            0 => right,
            1 => Replaced(random, right),
            2 => Pick(random, Tokens),
            _ => null,
        };
        if (text is not null) return Encoding.UTF8.GetBytes(text);
        if (random.Next(2) == 0) return Mutated(random, Encoding.UTF8.GetBytes(right));
        var bytes = new byte[random.Next(2000)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>One value, or what looks like one, replaced by another.</summary>
    private static string Replaced(Random random, string json)
    {
        var starts = Enumerable.Range(1, json.Length - 1).Where(at => json[at - 1] is ':' or '[' or ',').ToArray();
        var start = starts[random.Next(starts.Length)];
        var end = json.IndexOfAny([',', '}', ']'], start);
        return json[..start] + Pick(random, Tokens) + json[Math.Max(end, start)..];
    }

    private static string MutatedPath(Random random, string path)
    {
        var parts = path.Split('/').ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(1, parts.Count + 1);
            if (at == parts.Count) parts.Add(Pick(random, Pieces));
            else if (random.Next(2) == 0) parts[at] = Pick(random, Pieces);
            else parts[at] += Pick(random, Pieces);
        }

        return string.Join('/', parts);
    }

    private static List<(string, string)> SomeHeaders(Random random)
    {
        var headers = new List<(string, string)>();
        if (random.Next(10) == 0) headers.Add(("Origin", Pick(random, ["null", "http://evil.example", "x"])));
        if (random.Next(10) == 0) headers.Add(("Sec-Fetch-Site", Pick(random, ["cross-site", "none", "same-origin", "x"])));
        if (random.Next(10) == 0) headers.Add(("Last-Event-ID", Pick(random, ["0", "1", "99", "9223372036854775807", "-1", "x"])));
        if (random.Next(10) == 0) headers.Add(("Accept", Pick(random, ["text/html", "*/*", "x", "application/xml;q=0"])));
        if (random.Next(20) == 0) headers.Add(("X-Long", new string('a', random.Next(4000))));
        return headers;
    }

    private static string Pick(Random random, IReadOnlyList<string> items) => items[random.Next(items.Count)];
}
