using System.Text.Json.Nodes;
using Madrl.Grains.Abstractions;
using Madrl.Terminal.Output;
using Spectre.Console;

namespace Madrl.Terminal.Listing;

/// <summary>Runs as the console lists them.</summary>
internal static class RunListing
{
    /// <summary>One object of type <c>run</c>.</summary>
    public static string ToJson(RunEntry run) => new JsonObject
    {
        ["type"] = "run",
        ["run"] = run.Run,
        ["task"] = run.Task,
        ["rules"] = run.Rules,
        ["algorithm"] = run.Algorithm,
        ["seed"] = run.Seed,
        ["state"] = run.State,
        ["envSteps"] = run.EnvSteps,
        ["returnMean"] = run.ReturnMean,
        ["error"] = run.Error,
    }.ToCompactString();

    /// <summary>Writes them for people.</summary>
    public static void Write(IReadOnlyList<RunEntry> runs)
    {
        var table = new Grid().AddColumns([.. Enumerable.Range(0, 4).Select(column => new GridColumn
        {
            NoWrap = true, Alignment = column < 2 ? Justify.Left : Justify.Right })]);
        table.AddRow(new Text("run"), new Text("state"), new Text("steps"), new Text("return"));
        foreach (var run in runs)
        {
            table.AddRow(
                new Text(run.Run), new Text(run.State), new Text(run.EnvSteps is { } steps ? Format.Count(steps) : ""),
                new Text(run.ReturnMean is { } mean ? Format.Return(mean) : ""));
        }

        Screen.Out.Write(table);
        foreach (var run in runs.Where(run => run.Error is not null)) Console.Out.WriteLine($"{run.Run}: {run.Error}");
    }
}
