using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Learning.Algorithms;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Training;

namespace Madrl.Terminal.Output;

/// <summary>Commands to type next, as they work from the present folder.</summary>
internal static class NextCommands
{
    /// <summary>Goes on with the run.</summary>
    public static string Resume(RunView view) => $"{Program} resume {view.Run.Run}{Out(view)}";

    /// <summary>Evaluates the best checkpoint.</summary>
    public static string Evaluate(RunView view) => $"{Program} evaluate {view.Run.Run} --checkpoint best{Out(view)}";

    /// <summary>The same with the next seed.</summary>
    public static string AnotherSeed(RunView view)
    {
        var run = view.Run;
        var none = new Dictionary<string, string>();
        var changed = Changed(run.Game, SettingsBinder.Bind(GameCatalog.Find(run.Task).OptionsType, none))
            .Concat(Changed(run.Learning, AlgorithmCatalog.Find(run.Algorithm).Options(none)))
            .Select(setting => $" --set {setting.Key}={setting.Value}");
        return $"{Program} train {run.Task} --algorithm {run.Algorithm} --steps {run.Steps} --copies {run.Copies}"
            + $" --rules {run.Rules} --seed {run.Seed + 1}{string.Concat(changed)}{Out(view)}";
    }

    /// <summary>From the repository's root the way the README shows; elsewhere the program that is running.</summary>
    private static string Program =>
        File.Exists(Path.Combine("client", "client.csproj")) ? "dotnet run -c Release --project client --"
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" or null
            ? $"dotnet {Quote(Path.Combine(AppContext.BaseDirectory, "madrl.dll"))}"
        : Quote(Environment.ProcessPath!);

    private static IEnumerable<KeyValuePair<string, string>> Changed(
        IEnumerable<KeyValuePair<string, string>> values, object defaults)
    {
        var usual = SettingsBinder.Values(defaults);
        return values.Where(value => !usual.TryGetValue(value.Key, out var text) || text != value.Value);
    }

    private static string Out(RunView view) =>
        view.OutDirectory == CommonOptions.DefaultOut ? "" : $" --out {Quote(view.OutDirectory)}";

    private static string Quote(string text) => text.Contains(' ', StringComparison.Ordinal) ? $"\"{text}\"" : text;
}
