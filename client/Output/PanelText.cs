using Madrl.Terminal.Training;

namespace Madrl.Terminal.Output;

/// <summary>The words in which lines and panel tell where a run stands.</summary>
internal static class PanelText
{
    /// <summary>The last evaluation with its band and scale, and the references.</summary>
    public static string Evaluation(RunView view)
    {
        if (view.Evaluations is not [.., var last]) return "not evaluated yet";
        return $"return {Format.Return(last.Mean)} ± {Format.Return(last.Ci95)}, {view.Run.ReturnScale} ({References(view)})";
    }

    /// <summary>The returns that the team's are to be compared with.</summary>
    public static string References(RunView view) =>
        view.Run is { Random: { } random, Scripted: { } scripted }
            ? $"random {Format.Return(random.Mean)}, scripted {Format.Return(scripted.Mean)}"
            : "random and scripted are being measured";

    /// <summary>Speed and time left, each with a comma before it; empty before there is a measure.</summary>
    public static string Speed(RunView view) =>
        view is { StepsPerSecond: { } speed, Left: { } left }
            ? $", {Format.Count(speed)} steps/s, {Format.Duration(left.TotalSeconds)} left" : "";
}
