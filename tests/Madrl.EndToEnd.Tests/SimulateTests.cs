namespace Madrl.EndToEnd.Tests;

/// <summary><c>simulate</c> from the command line.</summary>
public sealed class SimulateTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task EachSeedIsALineThatNamesItsReplay()
    {
        var outcome = await _work.RunAsync("simulate", "--seeds", "1..3", "--scenario", "maddpg", "--json");

        Assert.Equal(0, outcome.ExitCode);
        var lines = outcome.Output.Select(Workplace.Json).ToArray();
        Assert.Equal(["seed", "seed", "seed", "result"], lines.Select(line => (string?)line["type"]));
        Assert.Equal([1, 2, 3], lines.Take(3).Select(line => (int)line["seed"]!));
        Assert.All(lines.Take(3), line => Assert.Contains($"simulate --scenario maddpg --seeds {line["seed"]}..", (string?)line["replay"], StringComparison.Ordinal));
        Assert.Equal((3, 0), ((int)lines[3]["seeds"]!, (int)lines[3]["failures"]!));

        var replay = await _work.RunAsync("simulate", "--seeds", "2", "--scenario", "maddpg", "--json", "--log", "decisions.txt");
        var replayed = Workplace.Json(replay.Output[0]);
        Assert.Equal((string?)lines[1]["logHash"], (string?)replayed["logHash"]);
        Assert.Equal((int)replayed["decisions"]!, File.ReadLines(Path.Combine(_work.Folder, "decisions.txt")).Count());
    }
}
