using Madrl.Hosting;
using Madrl.Simulation.Scenarios;
using Madrl.Simulation.Tests.Planted;

namespace Madrl.Simulation.Tests;

/// <summary>A simulator that finds nothing proves nothing: each of these bugs must be found.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const ulong MostSeeds = 200;

    private readonly Simulator _simulator = new(new TorchLearnerComputeFactory());

    public static TheoryData<string, Type> Bugs => new()
    {
        { Scenario.Mappo.Name, typeof(LostWrite) },
        { Scenario.Maddpg.Name, typeof(LostWrite) },
        { Scenario.Mappo.Name, typeof(DoubleApply) },
        { Scenario.Maddpg.Name, typeof(DoubleApply) },
        { Scenario.Mappo.Name, typeof(StaleWeights) },
        { Scenario.Maddpg.Name, typeof(StaleWeights) },
        { Scenario.Mappo.Name, typeof(MissingFence) },
        { Scenario.Maddpg.Name, typeof(MissingFence) },
        { Scenario.Maddpg.Name, typeof(DroppedSegment) },
    };

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_planted_bug_is_found(string scenario, Type bug)
    {
        for (ulong seed = 1; seed <= MostSeeds; seed++)
        {
            var result = _simulator.Run(Scenario.Find(scenario), seed, (SimulatedParts)Activator.CreateInstance(bug)!);
            if (result.Failure is null) continue;
            output.WriteLine($"Seed {seed} ({result.Temper}): {result.Failure}");
            return;
        }

        Assert.Fail($"{bug.Name} was not found by {MostSeeds} seeds of {scenario}.");
    }
}
