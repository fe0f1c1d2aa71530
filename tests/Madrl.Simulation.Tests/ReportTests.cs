using System.Text.Json.Nodes;
using Madrl.Simulation.Faults;
using Madrl.Terminal.Simulation;

namespace Madrl.Simulation.Tests;

/// <summary>Whoever sees a seed fail can replay it: seed, commit and command are told.</summary>
public sealed class ReportTests
{
    private readonly StringWriter _output = new();

    [Fact]
    public void A_failure_is_told_with_seed_commit_and_command()
    {
        var report = Report(json: false);
        var lines = _output.ToString().Split(Environment.NewLine);
        Assert.Matches("^seed 17 of maddpg \\(wild\\) at commit ([0-9a-f]{40}|unknown): The run is stuck\\.$", lines[0]);
        Assert.EndsWith(" simulate --scenario maddpg --seeds 17..17 --log decisions.txt", lines[1], StringComparison.Ordinal);
        Assert.Equal(("maddpg: 2 seeds, 1 failed, 30.0 ms per seed", 1), (lines[2], report.Failures));
        Assert.Equal("RoleCrashed 5", string.Join(' ', lines[3].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void As_json_a_failure_is_in_its_seeds_line()
    {
        Report(json: true);
        var lines = _output.ToString().Trim().Split(Environment.NewLine).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(["The run is stuck.", null, null], lines.Select(line => (string?)line["failure"]));
        Assert.Matches("^([0-9a-f]{40}|unknown)$", (string?)lines[0]["commit"]);
        Assert.Equal((2, 1, 5), ((int)lines[2]["seeds"]!, (int)lines[2]["failures"]!, (int)lines[2]["faults"]!["RoleCrashed"]!));
    }

    private SimulationReport Report(bool json)
    {
        var report = new SimulationReport(_output, json);
        report.Add(Result(17, "The run is stuck."), TimeSpan.FromMilliseconds(20));
        report.Add(Result(18, null), TimeSpan.FromMilliseconds(40));
        report.End("maddpg");
        return report;
    }

    private static SeedResult Result(ulong seed, string? failure) => new(
        "maddpg", seed, "wild", IsRealLearner: false, failure, WeightsHash: null, TimeSpan.FromSeconds(1), Steps: 1, Decisions: 1, LogHash: 1, Epochs: 1,
        new Dictionary<FaultKind, long> { [FaultKind.RoleCrashed] = failure is null ? 2 : 3 });
}
