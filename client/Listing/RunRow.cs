using System.Text.Json;
using System.Text.Json.Nodes;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Listing;

/// <summary>One line of the list of runs, from the files of its folder alone.</summary>
internal sealed record RunRow(string Name, RunSpecification? Run, string State, long? Steps, double? Return, string? Error)
{
    /// <summary>How much of the metrics' end is read: it holds the last evaluation of any run in practice.</summary>
    private const int TailBytes = 256 * 1024;

    /// <summary>The line of a run.</summary>
    public static RunRow Of(RunListing listing)
    {
        if (listing.Folder is not { } folder)
            return new RunRow(listing.Name, null, "damaged", null, null, listing.Error!.Message);
        var rows = Tail(folder.MetricsPath);
        var last = rows.LastOrDefault();
        var steps = last?["envSteps"]?.GetValue<long>();
        var measured = rows.LastOrDefault(row => TypeOf(row) is "evaluation" or "finished");
        var mean = measured?["returnMean"]?.GetValue<double>();
        var failure = TypeOf(last) == "error" ? last?["message"]?.GetValue<string>() : null;
        var state = RunLock.IsHeld(folder) ? "running"
            : File.Exists(folder.SummaryPath) ? "finished"
            : failure is not null ? "failed"
            : rows.Count == 0 ? "new"
            : "stopped";
        return new RunRow(listing.Name, folder.Specification, state, steps, mean, state == "failed" ? failure : null);
    }

    /// <summary>One object of type <c>run</c>.</summary>
    public string ToJson() => new JsonObject
    {
        ["type"] = "run",
        ["run"] = Name,
        ["task"] = Run?.Task,
        ["rules"] = Run?.Rules,
        ["algorithm"] = Run?.Algorithm,
        ["seed"] = Run?.Seed,
        ["state"] = State,
        ["envSteps"] = Steps,
        ["returnMean"] = Return,
        ["error"] = Error,
    }.ToCompactString();

    private static string? TypeOf(JsonObject? row) => row?["type"]?.GetValue<string>();

    /// <summary>The last whole rows of a file of JSON objects; none where there is no file.</summary>
    private static List<JsonObject> Tail(string path)
    {
        if (!File.Exists(path)) return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var cut = file.Length > TailBytes;
        if (cut) file.Seek(-TailBytes, SeekOrigin.End);
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().Split('\n').Skip(cut ? 1 : 0).Select(Parse).OfType<JsonObject>()];
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            // A crash may leave a torn last line; resuming mends the file.
            return null;
        }
    }
}
