using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Madrl.Simulation;
using Madrl.Simulation.Faults;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Simulation;

/// <summary>Tells what a simulation of many seeds gives: each seed as NDJSON, or failures as they come; in the end the counts.</summary>
/// <param name="output">Where it is told.</param>
/// <param name="json">Whether NDJSON is wanted.</param>
internal sealed class SimulationReport(TextWriter output, bool json)
{
    private readonly SortedDictionary<FaultKind, long> _faults = [];
    private int _seeds;
    private double _milliseconds;

    /// <summary>Seeds that failed so far.</summary>
    public int Failures { get; private set; }

    /// <summary>The commit that this program was built from.</summary>
    private static string Commit { get; } =
        typeof(Simulator).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit]
            ? commit : "unknown";

    /// <summary>A seed is done.</summary>
    public void Add(SeedResult result, TimeSpan took)
    {
        _seeds++;
        _milliseconds += took.TotalMilliseconds;
        foreach (var (kind, count) in result.Faults) _faults[kind] = _faults.GetValueOrDefault(kind) + count;
        if (result.Failure is not null) Failures++;
        if (json) output.WriteLine(ToJson(result, took).ToCompactString());
        else if (result.Failure is { } failure)
        {
            output.WriteLine($"seed {result.Seed} of {result.Scenario} ({result.Temper}) at commit {Commit}: {failure}");
            output.WriteLine($"  {Replay(result)}");
        }
    }

    /// <summary>All seeds are done.</summary>
    public void End(string scenario)
    {
        var each = _seeds == 0 ? 0 : _milliseconds / _seeds;
        if (json)
        {
            output.WriteLine(new JsonObject
            {
                ["type"] = "result", ["scenario"] = scenario, ["seeds"] = _seeds, ["failures"] = Failures, ["commit"] = Commit,
                ["millisecondsPerSeed"] = Math.Round(each, 1), ["faults"] = Faults(_faults),
            }.ToCompactString());
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenario}: {_seeds} seeds, {Failures} failed, {each:0.0} ms per seed"));
        foreach (var (kind, count) in _faults) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind,-20} {count,10:N0}"));
    }

    private static JsonObject ToJson(SeedResult result, TimeSpan took) => new()
    {
        ["type"] = "seed",
        ["scenario"] = result.Scenario,
        ["seed"] = result.Seed,
        ["temper"] = result.Temper,
        ["learner"] = result.IsRealLearner ? "real" : "stand-in",
        ["failure"] = result.Failure,
        ["weightsHash"] = result.WeightsHash,
        ["epochs"] = result.Epochs,
        ["steps"] = result.Steps,
        ["decisions"] = result.Decisions,
        ["logHash"] = result.LogHash.ToString("x16", CultureInfo.InvariantCulture),
        ["virtualSeconds"] = Math.Round(result.VirtualTime.TotalSeconds, 3),
        ["milliseconds"] = Math.Round(took.TotalMilliseconds, 1),
        ["faults"] = Faults(result.Faults),
        ["commit"] = Commit,
        ["replay"] = Replay(result),
    };

    private static string Replay(SeedResult result) =>
        $"{Shell.Program} simulate --scenario {result.Scenario} --seeds {result.Seed}..{result.Seed} --log decisions.txt";

    private static JsonObject Faults(IEnumerable<KeyValuePair<FaultKind, long>> faults) =>
        new(faults.Select(fault => KeyValuePair.Create<string, JsonNode?>(fault.Key.ToString(), fault.Value)));
}
