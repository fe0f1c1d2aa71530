using System.CommandLine;
using Madrl.Benchmarks.Environments;
using Madrl.Benchmarks.Peer;
using Madrl.Environments;
using Madrl.Terminal.Bench;
using Madrl.Terminal.CommandLine;

namespace Madrl.Terminal.Commands;

/// <summary><c>bench environments</c>: how fast games are stepped, beside the reference programs.</summary>
internal static class BenchEnvironmentsCommand
{
    private const int DefaultRounds = 5;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var peer = new Option<string?>("--peer") { Description = "Python interpreter with mpe2, lbforaging or rware, to measure against too", HelpName = "PYTHON" };
        var only = new Option<string?>("--only") { Description = "a task; without it, the suites' tasks", HelpName = "TASK" };
        var rules = new Option<string?>("--rules") { Description = "variant of the rules of the one task", HelpName = "NAME" };
        var set = CommonOptions.Set("option of the one task; repeatable");
        var rounds = BenchCommand.Rounds(DefaultRounds);
        var json = CommonOptions.Json();
        var command = new ExampleCommand(
            "environments", "How many steps per second games make by random actions, in batches of 1 to 16,384 copies on one thread and on two.",
            "bench environments", "bench environments --only simple-spread --rules openai --set agents=5", "bench environments --peer python3 --json")
        {
            peer, only, rules, set, rounds, json,
        };
        command.SetAction(parsed => Run(
            Choose(parsed.GetValue(only), parsed.GetValue(rules), CommonOptions.Settings(parsed, set)),
            BenchCommand.Rounds(parsed, rounds), parsed.GetValue(peer), parsed.GetValue(json)));
        return command;
    }

    private static IReadOnlyList<GameChoice> Choose(string? only, string? rules, Dictionary<string, string> options)
    {
        if (only is not null) return UsageException.Check(() => (GameChoice[])[new GameChoice(only, rules, options)]);
        if (rules is not null || options.Count > 0) throw new UsageException("--rules and --set belong to one task: name it by --only.");
        return [.. EnvironmentBenchmark.Tasks.Select(task => new GameChoice(task, rules: null, options))];
    }

    private static int Run(IReadOnlyList<GameChoice> games, int rounds, string? interpreter, bool json)
    {
        using var peer = interpreter is null ? null : UsageException.Check(() => PeerProcess.Start(PeerProgram.Environments, interpreter));
        var report = new EnvironmentReport(Console.Out, json, rounds);
        report.Begin();
        foreach (var game in games) report.Add(EnvironmentBenchmark.Measure(game, rounds, peer));
        return ExitCodes.Ok;
    }
}
