using System.Globalization;
using System.Text.Json.Nodes;

namespace Madrl.EndToEnd.Tests;

/// <summary>A temporary folder in which the program is run, and the runs in it.</summary>
public sealed class Workplace : IDisposable
{
    /// <summary>The smallest run that does everything: 40 environment steps per iteration.</summary>
    private static readonly string[] Tiny =
    [
        "train", "simple-spread", "--copies", "8",
        "--set", "episode-limit=5", "--set", "agents=2", "--set", "hidden=8", "--set", "epochs=2",
    ];

    public string Folder { get; } = Directory.CreateTempSubdirectory("madrl-e2e-").FullName;

    public string Runs => Path.Combine(Folder, "runs");

    public static string[] Train(int steps, params string[] more) => [.. Tiny, "--steps", $"{steps}", .. more];

    public static JsonNode Json(string line) => JsonNode.Parse(line)!;

    /// <summary>Iterations of the checkpoints that were reported.</summary>
    public static IEnumerable<long> Checkpoints(IEnumerable<string> lines) =>
        lines.Select(Json).Where(line => (string?)line["type"] == "checkpoint").Select(line => (long)line["iteration"]!);

    /// <summary>Runs the program to its end.</summary>
    public async Task<Outcome> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = MadrlProcess.Start(Folder, arguments);
        return await process.EndAsync();
    }

    /// <summary>Runs the program, which must succeed, with <c>--json</c>, and gives its last line.</summary>
    public async Task<JsonNode> FinishAsync(params IEnumerable<string> arguments)
    {
        var outcome = await RunAsync([.. arguments, "--json"]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return Json(outcome.Output[^1]);
    }

    /// <summary>The folder of the only run.</summary>
    public string RunFolder() => Directory.GetDirectories(Runs).Single();

    /// <summary>A file of a checkpoint that is there.</summary>
    public string CheckpointFile(long iteration, string name) => CheckpointFiles(iteration, name).Single();

    /// <summary>A file of a checkpoint, once for each opening of the run that has written it so far.</summary>
    public IEnumerable<string> CheckpointFiles(long iteration, string name)
    {
        var checkpoints = Path.Combine(RunFolder(), "checkpoints");
        if (!Directory.Exists(checkpoints)) return [];
        return Directory.GetDirectories(checkpoints, string.Create(CultureInfo.InvariantCulture, $"{iteration:D8}-*"))
            .Select(folder => Path.Combine(folder, name))
            .Where(File.Exists);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
