using Madrl.Hosting;
using Madrl.Simulation.Scenarios;

namespace Madrl.Simulation.Tests;

public sealed class ReplayTests
{
    [Theory]
    [InlineData("mappo", 3)]
    [InlineData("mappo", 10)]
    [InlineData("maddpg", 6)]
    [InlineData("maddpg", 20)]
    public void The_same_seed_takes_the_same_decisions(string scenario, ulong seed)
    {
        var (first, decisions) = Simulate(scenario, seed);
        var (again, same) = Simulate(scenario, seed);
        Assert.Equal(decisions, same);
        Assert.Equal(
            (first.LogHash, first.Decisions, first.WeightsHash, first.VirtualTime),
            (again.LogHash, again.Decisions, again.WeightsHash, again.VirtualTime));
        Assert.Equal(first.Decisions, decisions.Count(character => character == '\n'));
    }

    [Fact]
    public void Another_seed_takes_others() => Assert.NotEqual(Simulate("mappo", 3).Result.LogHash, Simulate("mappo", 4).Result.LogHash);

    /// <summary>A simulator of its own each time: what one has seen before must not matter.</summary>
    private static (SeedResult Result, string Decisions) Simulate(string scenario, ulong seed)
    {
        using var log = new StringWriter();
        return (new Simulator(new TorchLearnerComputeFactory()).Run(Scenario.Find(scenario), seed, log: log), log.ToString());
    }
}
