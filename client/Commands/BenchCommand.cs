using System.CommandLine;
using System.Text.Json.Nodes;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Terminal.Bench;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Output;


namespace Madrl.Terminal.Commands;

/// <summary><c>bench</c>: how fast this machine trains.</summary>
internal static class BenchCommand
{
    private const int MaxRounds = 100;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampleCommand("bench", "Measures speed on this machine.");
        command.Add(CreateGrains());
        return command;
    }

    private static ExampleCommand CreateGrains()
    {
        var steps = new Option<long>("--steps") { Description = "environment steps per round and side", HelpName = "N", DefaultValueFactory = _ => 160_000 };
        var copies = new Option<int>("--copies") { Description = "environment copies", HelpName = "N", DefaultValueFactory = _ => 128 };
        var threads = new Option<int>("--threads") { Description = "learner threads", HelpName = "N", DefaultValueFactory = _ => RunSpecifier.DefaultThreads };
        var rounds = new Option<int>("--rounds") { Description = "rounds; the medians count", HelpName = "N", DefaultValueFactory = _ => 5 };
        var json = CommonOptions.Json();
        var command = new ExampleCommand(
            "grains", "What the actor model costs: MAPPO and MADDPG on simple-spread as a plain loop and through the grains, in turn.",
            "bench grains", "bench grains --rounds 9 --json")
        {
            steps, copies, threads, rounds, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            var request = new RunRequest
            {
                Task = "simple-spread", Steps = parsed.GetRequiredValue(steps), Copies = parsed.GetRequiredValue(copies),
                Threads = parsed.GetRequiredValue(threads), CheckpointEvery = parsed.GetRequiredValue(steps),
                EvaluateEvery = parsed.GetRequiredValue(steps),
            };
            var count = parsed.GetRequiredValue(rounds);
            if (count is < 1 or > MaxRounds) throw new UsageException($"'{count}' is not a value of --rounds: it takes a whole number from 1 to {MaxRounds}.");
            await RunAsync(request with { Algorithm = "mappo" }, count, parsed.GetValue(json));

            // Without a warm-up, because waiting for experience is no learning.
            await RunAsync(request with { Algorithm = "maddpg", Settings = new Dictionary<string, string> { ["warm-up"] = "0" } }, count, parsed.GetValue(json));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task RunAsync(RunRequest request, int rounds, bool json)
    {
        var specification = UsageException.Check(() => RunSpecifier.Specify(request, TimeProvider.System));
        var results = new List<Round>();
        for (var round = 1; round <= rounds; round++)
        {
            results.Add(await new GrainsBenchmark(specification).RunAsync());
            Console.Error.WriteLine(
                $"{request.Algorithm}, round {round} of {rounds}: loop {Format.Count(results[^1].Loop)}, grains {Format.Count(results[^1].Grains)} environment steps/s");
        }

        var (loop, grains, ratio) = (Median(results, result => result.Loop), Median(results, result => result.Grains),
            Median(results, result => result.Grains / result.Loop));
        if (json)
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["type"] = "result",
                ["name"] = "grains",
                ["algorithm"] = request.Algorithm,
                ["loop"] = loop,
                ["grains"] = grains,
                ["ratio"] = ratio,
                ["copies"] = request.Copies,
                ["threads"] = request.Threads,
                ["rounds"] = rounds,
            }.ToCompactString());
            return;
        }

        Console.Out.WriteLine(request.Algorithm);
        Console.Out.WriteLine($"  plain loop   {Format.Count(loop)} environment steps/s");
        Console.Out.WriteLine($"  grains       {Format.Count(grains)} environment steps/s");
        Console.Out.WriteLine($"  ratio        {ratio:0.00}");
    }

    private static double Median(IEnumerable<Round> rounds, Func<Round, double> value)
    {
        var sorted = rounds.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
