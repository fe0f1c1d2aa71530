namespace Madrl.EndToEnd.Tests;

/// <summary>An algorithm of a user, named to the console by its assembly; the game it learns is of a user too.</summary>
public sealed class OwnAlgorithmTests : IDisposable
{
    private static readonly string[] _assemblies =
        ["--assembly", MadrlProcess.Metadata("OwnAlgorithmPath"), "--assembly", MadrlProcess.Metadata("OwnGamePath")];

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task TheConsoleListsIt()
    {
        var listed = await _work.RunAsync(["list", "algorithms", "--json", .. _assemblies]);
        Assert.Equal((0, ""), (listed.ExitCode, listed.Error));
        var names = listed.Output.Select(line => (string)Workplace.Json(line)["algorithm"]!).ToArray();
        Assert.Contains("own-ppo", names);
        Assert.Contains("mappo", names);
    }

    [Fact]
    public async Task TheConsoleTrainsAndEvaluatesByIt()
    {
        var trained = await _work.FinishAsync(
            ["train", "grid-walk", "--algorithm", "own-ppo", "--steps", "800", "--copies", "8", "--set", "hidden=8", "--set", "epochs=2", .. _assemblies]);
        var run = (string)trained["run"]!;
        Assert.StartsWith("grid-walk-own-ppo-", run, StringComparison.Ordinal);
        var evaluated = await _work.FinishAsync(["evaluate", run, .. _assemblies]);
        Assert.Equal((string?)trained["weightsHash"], (string?)evaluated["weightsHash"]);

        var without = await _work.RunAsync(["evaluate", run, .. _assemblies[2..]]);
        Assert.Equal(2, without.ExitCode);
        Assert.Contains(
            "is of the algorithm 'own-ppo', which is not loaded here: name its assembly (--assembly).",
            Assert.Single(without.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutItsAssemblyItIsUnknown()
    {
        var outcome = await _work.RunAsync("train", "simple-spread", "--algorithm", "own-ppo");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("There is no algorithm 'own-ppo'", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }
}
