using System.Text.Json;
using System.Text.Json.Nodes;
using Madrl.Grains.Abstractions;

namespace Madrl.Hosting.Storage;

/// <summary>What the files of a run tell about it, without opening it: another process may be using it.</summary>
public static class RunFiles
{
    /// <summary>How much of the metrics' end is read: it holds the last evaluation of any run in practice.</summary>
    private const int TailBytes = 256 * 1024;

    /// <summary>The runs of a folder, by name.</summary>
    /// <param name="outDirectory">The folder that holds run folders.</param>
    public static IReadOnlyList<RunEntry> List(string outDirectory) => [.. RunFolder.List(outDirectory).Select(Describe)];

    private static RunEntry Describe(RunListing listing)
    {
        if (listing.Folder is not { } folder) return Damaged(listing.Name, listing.Error!.Message);
        try
        {
            return Describe(folder, Tail(folder.MetricsPath));
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            return Damaged(listing.Name, StorageException.For(folder.Path, error).Message);
        }
    }

    private static RunEntry Describe(RunFolder folder, List<JsonObject> rows)
    {
        var run = folder.Specification;
        var last = rows.LastOrDefault();
        var measured = rows.LastOrDefault(row => TypeOf(row) is "evaluation" or "finished");
        var state = TypeOf(last) switch
        {
            "finished" => "finished",
            "stopped" => "stopped",
            "suspended" => "suspended",
            "error" => "failed",
            _ when RunLock.IsHeld(folder) => "running",
            null => "new",
            _ => "interrupted",
        };
        return new RunEntry(
            run.Run, run.Task, run.Rules, run.Algorithm, run.Seed, state, last?["envSteps"]?.GetValue<long>(),
            measured?["returnMean"]?.GetValue<double>(), state == "failed" ? last?["message"]?.GetValue<string>() : null);
    }

    private static RunEntry Damaged(string name, string error) => new(name, null, null, null, null, "damaged", null, null, error);

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
