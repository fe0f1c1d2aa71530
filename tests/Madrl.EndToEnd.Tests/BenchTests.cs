using System.Text.Json.Nodes;

namespace Madrl.EndToEnd.Tests;

/// <summary><c>bench learner</c> and <c>bench environments</c> from the command line.</summary>
public sealed class BenchTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task AnActorIsOneLineOfJson()
    {
        var outcome = await _work.RunAsync("bench", "learner", "--only", "actor-forward-64", "--rounds", "3", "--json");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var result = Workplace.Json(Assert.Single(outcome.Output));
        Assert.Equal(("result", "actor-forward-64", 1, 3), ((string?)result["type"], (string?)result["name"], (int)result["threads"]!, (int)result["rounds"]!));
        Assert.Equal((double)result["naive"]! / (double)result["ours"]!, (double)result["ratio"]!, 0.01 * (double)result["ratio"]!);
        Assert.Equal((null, null, 0), (result["peer"], result["peerRatio"], (double)result["allocatedBytes"]!));
    }

    [Fact]
    public async Task AThreadedLearnerIsComparedWithItselfInATable()
    {
        var outcome = await _work.RunAsync("bench", "learner", "--only", "maddpg-update-threads", "--rounds", "1");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(3, outcome.Output.Count);
        Assert.Equal(["maddpg-update-threads", "2"], outcome.Output[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]);
        Assert.Equal(outcome.Output[1].Length, outcome.Output[2].Length);
    }

    [Fact]
    public async Task AGameIsALineOfJsonForEachBatch()
    {
        var outcome = await _work.RunAsync("bench", "environments", "--only", "simple", "--rules", "openai", "--rounds", "1", "--json");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        JsonNode[] results = [.. outcome.Output.Select(Workplace.Json)];
        Assert.All(results, result => Assert.Equal(
            ("result", "simple", "openai", 1), ((string?)result["type"], (string?)result["task"], (string?)result["rules"], (int)result["rounds"]!)));
        Assert.Equal(
            [(1, 1), (128, 1), (4096, 1), (16_384, 1), (1, 2), (128, 2), (4096, 2), (16_384, 2)],
            results.Select(result => ((int)result["copies"]!, (int)result["threads"]!)));
        Assert.All(results, result =>
        {
            Assert.True((double)result["stepsPerSecond"]! > 0);
            Assert.InRange((double)result["allocatedBytesPerStep"]!, 0, 1); // The runtime itself may allocate now and then.
            Assert.Equal((null, null), (result["peer"], result["peerRatio"]));
        });
        Assert.Matches("^[0-9a-f]{16}$", Assert.Single(results.Select(result => (string)result["checksum"]!).Distinct()));
    }
}
