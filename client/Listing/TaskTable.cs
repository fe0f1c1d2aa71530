using Madrl.Environments;
using Madrl.Protocols.Runs;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Listing;

/// <summary>All tasks with their default rules and options, a line for each.</summary>
internal static class TaskTable
{
    private const int Random = 4, Scripted = 5;

    private static readonly string[] _heads = ["task", "agents", "observe", "actions", "random", "scripted", "return"];

    /// <summary>Writes it for people, and how to read it.</summary>
    public static async Task WriteAsync(IReadOnlyList<GameDefinition> games)
    {
        List<string[]> rows = [_heads];
        var fewest = int.MaxValue;
        List<string> notes = [];
        foreach (var game in games)
        {
            var choice = new GameChoice(game.Task, rules: null, new Dictionary<string, string>());
            var references = await References.MeasureAsync(choice);
            fewest = Math.Min(fewest, references.Episodes);
            if (references.CutAfter is not null) notes.Add($"{game.Task}: test episodes{references.Note[1..]}.");
            rows.Add(Row(choice.Spec, references));
        }

        int[] widths = [.. _heads.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (var row in rows) Console.Out.WriteLine(Line(row, widths));
        Console.Out.WriteLine();
        Console.Out.WriteLine("Observations and actions are given by kinds of agents, in their order.");
        Console.Out.WriteLine($"Returns are means of up to {RunMachine.EvaluationEpisodes} test episodes of seed {References.Seed}, at least {fewest},");
        Console.Out.WriteLine("by the default rules and options. 'list tasks TASK' shows these and all others.");
        foreach (var note in notes) Console.Out.WriteLine(note);
    }

    /// <summary>A line, on a terminal no longer than that is wide: what a return is, the last column, may go beyond.</summary>
    private static string Line(string[] row, int[] widths)
    {
        var line = string.Join("  ", row.Select((text, column) => column is Random or Scripted ? text.PadLeft(widths[column]) : text.PadRight(widths[column])))
            .TrimEnd();
        var room = Screen.Out.Profile.Width;
        return line.Length <= room ? line : $"{line[..(room - 1)]}…";
    }

    private static string[] Row(GameSpec game, References references)
    {
        var kinds = game.Agents.GroupBy(agent => (agent.ObservationSize, agent.Actions)).ToArray();
        return
        [
            game.Task, string.Join("+", kinds.Select(kind => kind.Count())), string.Join(",", kinds.Select(kind => kind.Key.ObservationSize)),
            string.Join(",", kinds.Select(kind => Describe(kind.Key.Actions))), Format.Return(references.Random.Mean),
            Format.Return(references.Scripted.Mean), game.ReturnScale,
        ];
    }

    private static string Describe(ActionSpace actions) => actions switch
    {
        ActionSpace.Discrete discrete => $"{discrete.Count}",
        ActionSpace.Box box => FormattableString.Invariant($"{box.Size} in {box.Low}..{box.High}"),
        _ => throw new InvalidOperationException($"An action space {actions.GetType().Name} has no words yet."),
    };
}
