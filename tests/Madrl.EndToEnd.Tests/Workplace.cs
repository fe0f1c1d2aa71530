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

    /// <summary>
    /// A run that never ends by itself, however fast the machine is, so that whatever disturbs it comes in time. An annealed step
    /// size would depend on the run's length: with a constant one, a run of as many steps as this one was stopped after has the
    /// same weights.
    /// </summary>
    public static string[] TrainEndlessly(params string[] more) => Train(400_000_000, ["--set", "anneal=false", "--json", .. more]);

    /// <summary>Asserts that a reported checkpoint has the weights of an undisturbed run of as many steps.</summary>
    public async Task AssertUndisturbedAsync(JsonNode checkpoint)
    {
        var undisturbed = await FinishAsync(Train((int)checkpoint["envSteps"]!, "--set", "anneal=false", "--out", "undisturbed"));
        Assert.Equal((string?)undisturbed["weightsHash"], (string?)checkpoint["weightsHash"]);
    }

    /// <summary>The last checkpoint among reported lines.</summary>
    public static JsonNode LastCheckpoint(IEnumerable<string> lines) =>
        lines.Select(Json).Last(line => (string?)line["type"] == "checkpoint");

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

    /// <summary>Iteration of the newest checkpoint in the folder of the only run.</summary>
    public long SavedIteration() => Directory.GetDirectories(Path.Combine(RunFolder(), "checkpoints"))
        .Max(folder => long.Parse(Path.GetFileName(folder).Split('-')[0], CultureInfo.InvariantCulture));

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
