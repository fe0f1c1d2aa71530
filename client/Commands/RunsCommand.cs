using System.CommandLine;
using Madrl.Hosting.Storage;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Listing;
using Madrl.Terminal.Output;
using Spectre.Console;

namespace Madrl.Terminal.Commands;

/// <summary><c>runs</c>: the runs of a folder.</summary>
internal static class RunsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (folder, json) = (CommonOptions.Out(), CommonOptions.Json());
        var command = new ExampleCommand("runs", "Lists runs.", "runs", "runs --out /data/runs --json") { folder, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folder), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string outDirectory, bool json)
    {
        RunRow[] rows = [.. RunFolder.List(outDirectory).Select(RunRow.Of)];
        if (json) Console.Out.Write(string.Concat(rows.Select(row => row.ToJson() + "\n")));
        else if (rows.Length == 0)
            Console.Out.WriteLine($"There are no runs in '{outDirectory}' yet: 'madrl train simple-spread' makes one.");
        else Write(rows);
        return ExitCodes.Ok;
    }

    private static void Write(RunRow[] rows)
    {
        var table = new Grid().AddColumns([.. Enumerable.Range(0, 4).Select(column => new GridColumn
        {
            NoWrap = true, Alignment = column < 2 ? Justify.Left : Justify.Right })]);
        table.AddRow(new Text("run"), new Text("state"), new Text("steps"), new Text("return"));
        foreach (var row in rows)
        {
            table.AddRow(
                new Text(row.Name), new Text(row.State), new Text(row.Steps is { } steps ? Format.Count(steps) : ""),
                new Text(row.Return is { } mean ? Format.Return(mean) : ""));
        }

        Screen.Out.Write(table);
        foreach (var row in rows.Where(row => row.Error is not null)) Console.Out.WriteLine($"{row.Name}: {row.Error}");
    }
}
