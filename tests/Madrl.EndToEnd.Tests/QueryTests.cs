using System.Text.Json.Nodes;

namespace Madrl.EndToEnd.Tests;

/// <summary>The commands that look at what is there.</summary>
public sealed class QueryTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task EvaluatingTheLastCheckpointGivesTheFinalReturnToTheBit()
    {
        var finished = await _work.FinishAsync(Workplace.Train(400, "--checkpoint-every", "80", "--shards", "3"));
        var id = (string)finished["run"]!;

        var last = await _work.FinishAsync("evaluate", id);
        Assert.Equal((double)finished["returnMean"]!, (double)last["returnMean"]!);
        Assert.Equal((double)finished["returnCi95"]!, (double)last["returnCi95"]!);
        Assert.Equal((string?)finished["weightsHash"], (string?)last["weightsHash"]);
        Assert.Equal((double)finished["randomReturn"]!, (double)last["randomReturn"]!);
        Assert.Equal(10, (long)last["iteration"]!);

        var best = await _work.FinishAsync("evaluate", _work.RunFolder(), "--checkpoint", "best", "--episodes", "1500");
        Assert.Equal("evaluation", (string?)best["type"]);
        Assert.Equal(1500, (int)best["episodes"]!);

        var run = await _work.FinishAsync("runs");
        Assert.Equal((id, "finished"), ((string?)run["run"], (string?)run["state"]));
        Assert.Equal((double)finished["returnMean"]!, (double)run["returnMean"]!);
        Assert.Contains((await _work.RunAsync("runs")).Output, line => line.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PoliciesThatAreNotSharedAreEvaluatedToo()
    {
        var finished = await _work.FinishAsync(Workplace.Train(80, "--set", "share-parameters=false"));
        var last = await _work.FinishAsync("evaluate", (string)finished["run"]!);
        Assert.Equal((double)finished["returnMean"]!, (double)last["returnMean"]!);
    }

    [Theory]
    [InlineData("tasks", "task", "simple-spread", "options")]
    [InlineData("algorithms", "algorithm", "mappo", "settings")]
    public async Task ListsParse(string what, string type, string name, string settings)
    {
        var outcome = await _work.RunAsync("list", what, "--json");
        JsonNode[] lines = [.. outcome.Output.Select(Workplace.Json)];
        Assert.All(lines, line => Assert.Equal(type, (string?)line["type"]));
        var item = Assert.Single(lines, line => (string?)line[type] == name);
        Assert.NotEmpty(item[settings]!.AsArray());
        Assert.Contains((await _work.RunAsync("list", what)).Output, line => line.StartsWith(name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("resume")]
    [InlineData("evaluate")]
    [InlineData("export")]
    [InlineData("runs")]
    [InlineData("play")]
    [InlineData("list")]
    [InlineData("list", "tasks")]
    [InlineData]
    public async Task HelpShowsExamples(params string[] command)
    {
        var outcome = await _work.RunAsync([.. command, "--help"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Examples:", outcome.Output);
        Assert.Contains("madrl.dll ", outcome.Output[^1], StringComparison.Ordinal); // As it can be typed from where the program is.
    }
}
