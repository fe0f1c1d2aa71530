using Madrl.Client;
using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Learning.Algorithms;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Training;

namespace Madrl.Terminal.Output;

/// <summary>Commands to type next, as they work from the present folder.</summary>
internal static class NextCommands
{
    /// <summary>A longer value was the text of a file.</summary>
    private const int MaxValue = 80;

    /// <summary>Goes on with the run.</summary>
    public static string Resume(RunView view) => $"{Shell.Program} resume {view.Place.Name(view.Run.Run)}";

    /// <summary>Watches the run again.</summary>
    public static string Attach(RunView view) => $"{Shell.Program} attach {view.Place.Name(view.Run.Run)}";

    /// <summary>Evaluates the best checkpoint.</summary>
    public static string Evaluate(RunView view) => $"{Shell.Program} evaluate {view.Place.Name(view.Run.Run)} --checkpoint best";

    /// <summary>The same with the next seed.</summary>
    /// <param name="view">The run.</param>
    /// <param name="accelerator">What it computed on; null for a processor.</param>
    public static string AnotherSeed(RunView view, string? accelerator)
    {
        var run = view.Run;
        var fidelity = run.Settings.Where(setting => setting.Key == "fidelity").ToDictionary();
        var usual = Usual(run, fidelity);
        var changed = run.Settings.Where(setting => !usual.TryGetValue(setting.Key, out var text) || text != setting.Value)
            .Concat(fidelity.Where(setting => setting.Value != "madrl"));
        return $"{Shell.Program} train {run.Task} --algorithm {run.Algorithm} --steps {run.Steps} --copies {run.Copies} --rules {run.Rules}"
            + $" --seed {run.Seed + 1}{string.Concat(changed.Select(setting => $" --set {Shell.Quote($"{setting.Key}={Value(setting.Value)}")}"))}"
            + $"{(accelerator is not null && view.Place is RunPlace.Local ? $" --device {accelerator}" : "")}{view.Place.Options}";
    }

    private static string Value(string text) => text.Length > MaxValue || text.Contains('\n') ? "@FILE" : text;

    /// <summary>Defaults of the settings; none of a game or an algorithm that only the silo has.</summary>
    private static Dictionary<string, string> Usual(RunReport run, Dictionary<string, string> fidelity)
    {
        var none = new Dictionary<string, string>();
        var game = GameCatalog.All.FirstOrDefault(game => game.Task == run.Task);
        var algorithm = AlgorithmCatalog.All.FirstOrDefault(algorithm => algorithm.Name == run.Algorithm);
        return (game is null ? none : SettingsBinder.Values(SettingsBinder.Bind(game.OptionsType, none)))
            .Concat(algorithm is null ? none : SettingsBinder.Values(algorithm.Options(fidelity))).ToDictionary();
    }
}
