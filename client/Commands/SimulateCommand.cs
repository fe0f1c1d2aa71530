using System.CommandLine;
using System.Diagnostics;
using Madrl.Hosting;
using Madrl.Simulation;
using Madrl.Simulation.Scenarios;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Simulation;

namespace Madrl.Terminal.Commands;

/// <summary><c>simulate</c>: runs under a seeded schedule with faults, many seeds one after another.</summary>
internal static class SimulateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var seeds = new Option<string>("--seeds")
        {
            Description = "seeds to simulate, both ends included", HelpName = "A..B", DefaultValueFactory = _ => "1..100",
        };
        var scenario = new Option<string?>("--scenario")
        {
            Description = $"{string.Join(" or ", Scenario.All.Select(scenario => scenario.Name))}; without it, all", HelpName = "NAME",
        };
        var log = new Option<string?>("--log") { Description = "file that receives every decision of a single seed", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var command = new ExampleCommand(
            "simulate", "Simulates short runs on a cluster that loses messages, silos and storage; each must end as if nothing had happened.",
            "simulate", "simulate --seeds 1..2000 --scenario maddpg --json", "simulate --seeds 17 --scenario mappo --log decisions.txt")
        {
            seeds, scenario, log, json,
        };
        command.SetAction(parsed => Run(
            SeedRange.Parse(parsed.GetRequiredValue(seeds)),
            parsed.GetValue(scenario) is { } name ? [UsageException.Check(() => Scenario.Find(name))] : Scenario.All,
            parsed.GetValue(log), parsed.GetValue(json)));
        return command;
    }

    private static int Run(SeedRange seeds, IReadOnlyList<Scenario> scenarios, string? log, bool json)
    {
        if (log is not null && (seeds.First != seeds.Last || scenarios.Count != 1))
            throw new UsageException("--log is for a single seed of one scenario: name them with --seeds and --scenario.");
        var simulator = new Simulator(new TorchLearnerComputeFactory());
        var failures = 0;
        foreach (var scenario in scenarios)
        {
            var report = new SimulationReport(Console.Out, json);
            foreach (var seed in seeds.All)
            {
                using var writer = log is null ? null : File.CreateText(log);
                var started = Stopwatch.GetTimestamp();
                report.Add(simulator.Run(scenario, seed, log: writer), Stopwatch.GetElapsedTime(started));
            }

            report.End(scenario.Name);
            failures += report.Failures;
        }

        return failures == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
