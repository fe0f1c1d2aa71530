using System.CommandLine;
using System.Text.Json.Nodes;
using Madrl.Benchmarks;
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
        command.Add(BenchLearnerCommand.Create());
        command.Add(BenchEnvironmentsCommand.Create());
        return command;
    }

    /// <summary><c>--rounds</c>.</summary>
    public static Option<int> Rounds(int usual) =>
        new("--rounds") { Description = "rounds; the medians count", HelpName = "N", DefaultValueFactory = _ => usual };

    /// <summary>The value of <c>--rounds</c>.</summary>
    /// <exception cref="UsageException">It is out of range.</exception>
    public static int Rounds(ParseResult parsed, Option<int> rounds) =>
        parsed.GetRequiredValue(rounds) is >= 1 and <= MaxRounds and var count ? count
        : throw new UsageException($"'{parsed.GetRequiredValue(rounds)}' is not a value of --rounds: it takes a whole number from 1 to {MaxRounds}.");

    private static ExampleCommand CreateGrains()
    {
        var steps = new Option<long>("--steps") { Description = "environment steps per round and side", HelpName = "N", DefaultValueFactory = _ => 160_000 };
        var copies = new Option<int>("--copies") { Description = "environment copies", HelpName = "N", DefaultValueFactory = _ => 128 };
        var threads = new Option<int>("--threads") { Description = "learner threads", HelpName = "N", DefaultValueFactory = _ => RunSpecifier.DefaultThreads };
        var rounds = Rounds(5);
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
            var count = Rounds(parsed, rounds);
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

        var (loop, grains, ratio) = (Median.Of(results.Select(result => result.Loop)), Median.Of(results.Select(result => result.Grains)),
            Median.Of(results.Select(result => result.Grains / result.Loop)));
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
}
