namespace Madrl.EndToEnd.Tests;

/// <summary><c>bench learner</c> from the command line.</summary>
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
}
