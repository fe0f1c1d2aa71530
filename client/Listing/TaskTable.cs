using Madrl.Environments;
using Madrl.Terminal.Output;
using Spectre.Console;

namespace Madrl.Terminal.Listing;

/// <summary>All tasks with their default rules and options, a line for each.</summary>
internal static class TaskTable
{
    private static readonly string[] _heads = ["task", "agents", "observe", "actions", "random", "scripted", "return"];

    /// <summary>Writes it for people, and how to read it.</summary>
    public static async Task WriteAsync(IReadOnlyList<GameDefinition> games)
    {
        var table = new Grid().AddColumns([.. _heads.Select(head => new GridColumn
        {
            NoWrap = true, Alignment = head is "random" or "scripted" ? Justify.Right : Justify.Left })]);
        table.AddRow([.. _heads.Select(head => new Text(head, new Style(decoration: Decoration.Bold)))]);
        var fewest = int.MaxValue;
        foreach (var game in games)
        {
            var choice = new GameChoice(game.Task, rules: null, new Dictionary<string, string>());
            var references = await References.MeasureAsync(choice);
            fewest = Math.Min(fewest, references.Episodes);
            table.AddRow([.. Row(choice.Spec, references).Select(text => new Text(text))]);
        }

        Screen.Out.Write(table);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"Sizes are of observations and actions, kind by kind of agent. Returns are means of up to 400 test episodes of seed 1, at least {fewest},");
        Console.Out.WriteLine("by the default rules and options; 'list tasks TASK' shows the others.");
    }

    private static IEnumerable<string> Row(GameSpec game, References references)
    {
        var kinds = game.Agents.GroupBy(agent => (agent.ObservationSize, agent.Actions)).ToArray();
        return
        [
            game.Task, string.Join(" + ", kinds.Select(kind => kind.Count())), string.Join(", ", kinds.Select(kind => kind.Key.ObservationSize)),
            string.Join(", ", kinds.Select(kind => Describe(kind.Key.Actions))), Format.Return(references.Random.Mean),
            Format.Return(references.Scripted.Mean), game.ReturnScale,
        ];
    }

    private static string Describe(ActionSpace actions) => actions switch
    {
        ActionSpace.Discrete discrete => $"{discrete.Count}",
        ActionSpace.Box box => FormattableString.Invariant($"{box.Size} in [{box.Low}, {box.High}]"),
        _ => throw new InvalidOperationException($"An action space {actions.GetType().Name} has no words yet."),
    };
}
