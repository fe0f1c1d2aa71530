using Madrl.Protocols.Runs;
using Madrl.Terminal.Training;
using Spectre.Console;

namespace Madrl.Terminal.Output;

/// <summary>The end of a run in words: what was reached, where it lies, what to type next.</summary>
internal static class SummaryText
{
    /// <summary>Writes it to stdout.</summary>
    public static void Write(RunSummary summary, RunView view)
    {
        var run = view.Run;
        Console.Out.WriteLine();
        Screen.Out.MarkupLineInterpolated(
            $"[bold]{run.Task} · {run.Algorithm} · seed {run.Seed} · rules {run.Rules}[/]: finished");
        Console.Out.WriteLine();
        var mean = new ReturnEstimate(summary.ReturnMean, summary.ReturnCi95);
        Screen.Out.MarkupLineInterpolated($"  return   [bold]{Format.Return(mean)}[/]");
        Row("", $"{summary.ReturnScale}, {RunMachine.EvaluationEpisodes} test episodes, 95 % band");
        Console.Out.WriteLine();
        ReturnBars.Write(summary.RandomReturn, summary.ReturnMean, summary.ScriptedReturn);
        Console.Out.WriteLine();
        Row("steps", $"{Format.Count(summary.EnvSteps)} in {Format.Duration(summary.Seconds)}, "
            + $"{Format.Count(summary.EnvStepsPerSecond)} steps/s, {Format.Count(summary.Updates)} updates");
        if (run.Best is { } best) Row("best", $"checkpoint of iteration {best.Iteration}, {Format.Return(best.Return)} in evaluation");
        Row("device", $"{summary.Device}{(summary.Accelerator is null ? ", without an accelerator" : "")}, learner threads: {summary.LearnerThreads}");
        Row("weights", summary.WeightsHash);
        Row(view.Place is RunPlace.Local ? "folder" : "place", view.Place.Text);
        Console.Out.WriteLine();
        Console.Out.WriteLine("Next:");
        if (view.Place is RunPlace.Local) Console.Out.WriteLine($"  {NextCommands.Evaluate(view)}");
        Console.Out.WriteLine($"  {NextCommands.AnotherSeed(view, summary.Accelerator)}");
    }

    // Not through Spectre, which would break a long path or hash at the width of the terminal.
    private static void Row(string label, string text) => Console.Out.WriteLine($"  {label,-9}{text}");
}
