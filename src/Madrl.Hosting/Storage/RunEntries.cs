using System.Text.Json;
using System.Text.Json.Nodes;
using Madrl.Grains.Abstractions;
using Madrl.Protocols;

namespace Madrl.Hosting.Storage;

/// <summary>Makes entries of lists from what the files of a run tell.</summary>
internal static class RunEntries
{
    /// <summary>How much of the metrics' end is read: it holds the last evaluation of any run in practice.</summary>
    public const int TailBytes = 256 * 1024;

    /// <summary>The entry of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tail">The end of its metrics; the first line may be a part of one, the last torn.</param>
    /// <param name="isHeld">Whether some process has the run.</param>
    public static RunEntry Describe(RunSpecification run, string tail, Func<bool> isHeld)
    {
        List<JsonObject> rows = [.. tail.Split('\n').Select(Parse).OfType<JsonObject>()];
        var last = rows.LastOrDefault();
        var measured = rows.LastOrDefault(row => TypeOf(row) is "evaluation" or "finished");
        var state = TypeOf(last) switch
        {
            "finished" => "finished",
            "stopped" => "stopped",
            "suspended" => "suspended",
            "error" => "failed",
            _ when isHeld() => "running",
            null => "new",
            _ => "interrupted",
        };
        return new RunEntry(
            run.Run, run.Task, run.Rules, run.Algorithm, run.Seed, state, last?["envSteps"]?.GetValue<long>(),
            measured?["returnMean"]?.GetValue<double>(), state == "failed" ? last?["message"]?.GetValue<string>() : null);
    }

    /// <summary>The entry of a run that cannot be read.</summary>
    public static RunEntry Damaged(string name, string error) => new(name, null, null, null, null, "damaged", null, null, error);

    private static string? TypeOf(JsonObject? row) => row?["type"]?.GetValue<string>();

    private static JsonObject? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            // A part of a line, or a last line that a crash has torn; resuming mends the file.
            return null;
        }
    }
}
