using System.CommandLine;
using Madrl.Benchmarks;
using Madrl.Benchmarks.Peer;
using Madrl.Environments.Settings;
using Madrl.Terminal.Bench;
using Madrl.Terminal.CommandLine;

namespace Madrl.Terminal.Commands;

/// <summary><c>bench learner</c>: learners and actors beside plain TorchSharp and PyTorch.</summary>
internal static class BenchLearnerCommand
{
    private const int DefaultRounds = 15;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var peer = new Option<string?>("--peer") { Description = "Python interpreter with PyTorch, to measure against too", HelpName = "PYTHON" };
        var only = new Option<string?>("--only") { Description = $"one of {string.Join(", ", LearnerBenchmark.Names)}; without it, all", HelpName = "NAME" };
        var rounds = BenchCommand.Rounds(DefaultRounds);
        var json = CommonOptions.Json();
        var command = new ExampleCommand(
            "learner", "How fast learners update and actors act, beside the same in plain TorchSharp and in PyTorch, in turn.",
            "bench learner", "bench learner --peer python3 --json", "bench learner --only maddpg-update --rounds 31")
        {
            peer, only, rounds, json,
        };
        command.SetAction(parsed => Run(
            Choose(parsed.GetValue(only)), BenchCommand.Rounds(parsed, rounds), parsed.GetValue(peer), parsed.GetValue(json)));
        return command;
    }

    private static IReadOnlyList<string> Choose(string? only) =>
        only is null ? LearnerBenchmark.Names
        : LearnerBenchmark.Names.Contains(only) ? [only]
        : throw new UsageException(NearestNames.Message("benchmark", only, LearnerBenchmark.Names));

    private static int Run(IReadOnlyList<string> names, int rounds, string? interpreter, bool json)
    {
        using var peer = interpreter is null ? null : UsageException.Check(() => PeerProcess.Start(PeerProgram.Learner, interpreter));
        var report = new LearnerReport(Console.Out, json, rounds);
        report.Begin(peer?.Offer);
        foreach (var name in names) report.Add(LearnerBenchmark.Measure(name, rounds, peer));
        return ExitCodes.Ok;
    }
}
