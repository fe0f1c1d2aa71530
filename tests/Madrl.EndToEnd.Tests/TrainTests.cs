using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Madrl.EndToEnd.Tests;

/// <summary>What a run prints, and that it is the same run however it is spread and recorded.</summary>
public sealed class TrainTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task NdjsonHasEveryFieldAndEndsWithTheSummary()
    {
        var outcome = await _work.RunAsync(
            "train", "simple-spread", "--steps", "6400", "--copies", "64", "--checkpoint-every", "3200", "--json");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        JsonNode[] lines = [.. outcome.Output.Select(Workplace.Json)];
        Assert.Equal(
            ["checkpoint", "evaluation", "finished", "progress"],
            lines.Select(line => (string)line["type"]!).Distinct().Order(StringComparer.Ordinal));
        Assert.All(lines, line => Assert.Equal(Path.GetFileName(_work.RunFolder()), (string?)line["run"]));
        string[] fields =
        [
            "run", "task", "rules", "algorithm", "seed", "envSteps", "updates", "seconds", "envStepsPerSecond", "returnMean",
            "returnCi95", "returnScale", "randomReturn", "scriptedReturn", "weightsHash", "device", "learnerThreads", "calls",
            "messagesBytes",
        ];
        Assert.All(fields, field => Assert.True(lines[^1][field] is not null, $"{field} is missing"));
        Assert.Equal("finished", (string?)lines[^1]["type"]);
        Assert.Equal(6400, (long)lines[^1]["envSteps"]!);
        // 3 agents, 25 steps, 4 iterations and 4 evaluations: at the start, at two checkpoints, at the end.
        Assert.Equal(600, (long)lines[^1]["calls"]!["AgentReplicaGrain"]!);
        Assert.Equal(outcome.Output[^1], (await File.ReadAllTextAsync(Path.Combine(_work.RunFolder(), "summary.json"))).Trim());

        var again = await _work.FinishAsync("resume", Path.GetFileName(_work.RunFolder()));
        Assert.True(JsonNode.DeepEquals(lines[^1], again));
    }

    [Fact]
    public async Task TheHashDependsOnTheSeedAndNotOnShardsThreadsOrRecords()
    {
        var reference = await Hash("--shards", "1", "--threads", "1");
        Assert.Equal(reference, await Hash("--shards", "2", "--threads", "2"));
        Assert.Equal(reference, await Hash("--shards", "4", "--threads", "3"));
        Assert.Equal(reference, await Hash("--checkpoint-every", "40", "--evaluate-every", "120", "--out", "elsewhere"));
        Assert.NotEqual(reference, await Hash("--seed", "2"));

        var plain = await _work.RunAsync(Workplace.Train(400));
        Assert.Equal(0, plain.ExitCode);
        Assert.Contains(plain.Output, line => line.Contains(reference, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PythonComputesTheSameHashFromTheFile()
    {
        var finished = await _work.FinishAsync(Workplace.Train(400));

        var file = _work.CheckpointFile(10, "policy.safetensors");
        using var python = Process.Start(new ProcessStartInfo("python3", [MadrlProcess.Metadata("WeightsHashScript"), file])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal((string?)finished["weightsHash"], (await python.StandardOutput.ReadToEndAsync()).Trim());
    }

    [Fact]
    public async Task TwoAtOnceInOneFolderBothSucceed()
    {
        var both = await Task.WhenAll(_work.FinishAsync(Workplace.Train(400)), _work.FinishAsync(Workplace.Train(400)));

        Assert.Equal((string?)both[0]["weightsHash"], (string?)both[1]["weightsHash"]);
        Assert.NotEqual((string?)both[0]["run"], (string?)both[1]["run"]);
    }

    private async Task<string> Hash(params string[] more) =>
        (string)(await _work.FinishAsync(Workplace.Train(400, more)))["weightsHash"]!;
}
