using Madrl.Hosting;
using Madrl.Simulation.Faults;
using Madrl.Simulation.Scenarios;

namespace Madrl.Simulation.Tests;

public sealed class SeedTests(ITestOutputHelper output)
{
    private const ulong Seeds = 100;

    private readonly Simulator _simulator = new(new TorchLearnerComputeFactory());

    [Theory]
    [InlineData("mappo")]
    [InlineData("maddpg")]
    public void Every_seed_ends_as_the_undisturbed_run_does(string scenario)
    {
        var fired = new SortedDictionary<FaultKind, long>();
        List<string> failures = [];
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var result = _simulator.Run(Scenario.Find(scenario), seed);
            Assert.Equal(seed % Simulator.RealLearnerEvery == 0, result.IsRealLearner);
            foreach (var (kind, count) in result.Faults) fired[kind] = fired.GetValueOrDefault(kind) + count;
            if (result.Failure is { } failure) failures.Add($"seed {seed} ({result.Temper}): {failure}");
        }

        output.WriteLine(string.Join(", ", fired.Select(kind => $"{kind.Key} {kind.Value}")));
        Assert.Empty(failures);

        // A file is torn by a crash within a write alone: too rare for a hundred seeds.
        Assert.Equal(Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.FileTorn), fired.Keys.Where(kind => kind != FaultKind.FileTorn));
    }
}
