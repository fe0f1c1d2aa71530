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
        Sub("tasks", "Lists tasks: agents, sizes, rules, what a return means, options.",
            () => GameCatalog.All, TaskListing.Write, TaskListing.ToJson),
        Sub("algorithms", "Lists algorithms: source and settings.",
            () => AlgorithmCatalog.All, AlgorithmListing.Write, AlgorithmListing.ToJson),
    };

    private static ExampleCommand Sub<T>(
        string name, string description, Func<IReadOnlyList<T>> items, Action<T> write, Func<T, string> toJson)
    {
        var json = CommonOptions.Json();
        var command = new ExampleCommand(name, description, $"list {name}", $"list {name} --json") { json };
        command.SetAction(parsed =>
        {
            foreach (var item in items())
            {
                if (parsed.GetValue(json)) Console.Out.WriteLine(toJson(item));
                else write(item);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
