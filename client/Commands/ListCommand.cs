using System.CommandLine;
using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Listing;

namespace Madrl.Terminal.Commands;

/// <summary><c>list tasks</c> and <c>list algorithms</c>.</summary>
internal static class ListCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new ExampleCommand(
        "list", "Lists tasks or algorithms with their options.", "list tasks", "list algorithms --json")
    {
        Tasks(),
        Algorithms(),
    };

    private static ExampleCommand Tasks()
    {
        var task = new Argument<string?>("TASK") { Description = "the one task to show, with its rules and options", Arity = ArgumentArity.ZeroOrOne };
        var json = CommonOptions.Json();
        var command = new ExampleCommand(
            "tasks", "Lists tasks: agents, sizes, what a return means and what random and scripted players reach; of one task, rules and options too.",
            "list tasks", "list tasks simple-spread", "list tasks --json")
        {
            task, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            var one = parsed.GetValue(task) is { } name ? UsageException.Check(() => GameCatalog.Find(name)) : null;
            if (parsed.GetValue(json))
            {
                foreach (var game in one is null ? GameCatalog.All : [one]) Console.Out.WriteLine(await TaskListing.ToJsonAsync(game));
            }
            else
            {
                await (one is null ? TaskTable.WriteAsync(GameCatalog.All) : TaskListing.WriteAsync(one));
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static ExampleCommand Algorithms()
    {
        var json = CommonOptions.Json();
        var command = new ExampleCommand(
            "algorithms", "Lists algorithms: source and settings.", "list algorithms", "list algorithms --json") { json };
        command.SetAction(parsed =>
        {
            foreach (var algorithm in AlgorithmCatalog.All)
            {
                if (parsed.GetValue(json)) Console.Out.WriteLine(AlgorithmListing.ToJson(algorithm));
                else AlgorithmListing.Write(algorithm);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
