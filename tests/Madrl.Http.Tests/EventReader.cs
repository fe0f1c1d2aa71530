using System.Globalization;
using System.Text.Json.Nodes;

namespace Madrl.Http.Tests;

/// <summary>An event as a browser gets it.</summary>
internal sealed record ServerEvent(long Id, string Type, JsonObject Data);

/// <summary>Reads server-sent events by the rules that matter here: fields until an empty line.</summary>
internal sealed class EventReader(HttpResponseMessage answer, StreamReader text) : IDisposable
{
    public HttpResponseMessage Answer => answer;

    public static async Task<EventReader> OpenAsync(HttpClient http, string run, long after = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{run}/events");
        if (after > 0) request.Headers.Add("Last-Event-ID", after.ToString(CultureInfo.InvariantCulture));
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Limits.Hang);
        return new EventReader(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<ServerEvent?> NextAsync()
    {
        var fields = new Dictionary<string, string>();
        using var hang = new CancellationTokenSource(Limits.Hang);
        while (await text.ReadLineAsync(hang.Token) is { } line)
        {
            if (line.Length == 0)
                return new ServerEvent(long.Parse(fields["id"], CultureInfo.InvariantCulture), fields["event"], JsonNode.Parse(fields["data"])!.AsObject());
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            fields.Add(line[..colon], line[(colon + 2)..]);
        }

        return null;
    }

    public async Task<IReadOnlyList<ServerEvent>> ToEndAsync()
    {
        var events = new List<ServerEvent>();
        while (await NextAsync() is { } next) events.Add(next);
        return events;
    }

    public void Dispose()
    {
        text.Dispose();
        answer.Dispose();
    }
}
