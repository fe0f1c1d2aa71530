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
    public static string Resume(RunView view) => $"{Program} resume {Named(view)}";

    /// <summary>Evaluates the best checkpoint.</summary>
    public static string Evaluate(RunView view) => $"{Program} evaluate {Named(view)} --checkpoint best";

    /// <summary>The same with the next seed.</summary>
    public static string AnotherSeed(RunView view)
    {
        var run = view.Run;
        var changed = Changed(run.Game, SettingsBinder.Bind(GameCatalog.Find(run.Task).OptionsType, new Dictionary<string, string>()))
            .Concat(Changed(run.Learning, AlgorithmCatalog.Find(run.Algorithm).Options(Fidelity(run.Learning))))
            .Concat(Fidelity(run.Learning).Where(setting => setting.Value != "madrl"));
        return $"{Program} train {run.Task} --algorithm {run.Algorithm} --steps {run.Steps} --copies {run.Copies} --rules {run.Rules}"
            + $" --seed {run.Seed + 1}{string.Concat(changed.Select(setting => $" --set {setting.Key}={setting.Value}"))}{Out(view)}";
    }

    /// <summary>From the repository's root the way the README shows; elsewhere the program that is running.</summary>
    public static string Program =>
        File.Exists(Path.Combine("client", "client.csproj")) ? "dotnet run -c Release --project client --"
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" or null
            ? $"dotnet {Quote(Path.Combine(AppContext.BaseDirectory, "madrl.dll"))}"
        : Quote(Environment.ProcessPath!);

    private static IEnumerable<KeyValuePair<string, string>> Changed(IEnumerable<KeyValuePair<string, string>> values, object defaults)
    {
        var usual = SettingsBinder.Values(defaults);
        return values.Where(value => !usual.TryGetValue(value.Key, out var text) || text != value.Value);
    }

    /// <summary>The setting that decides which defaults the others have.</summary>
    private static Dictionary<string, string> Fidelity(IReadOnlyDictionary<string, string> settings) =>
        settings.Where(setting => setting.Key == "fidelity").ToDictionary();

    /// <summary>The run by its id where that finds its folder, else by its path.</summary>
    private static string Named(RunView view) =>
        Path.GetFullPath(Path.Combine(view.OutDirectory, view.Run.Run)) == Path.GetFullPath(view.Folder.Path)
            ? view.Run.Run + Out(view)
            : Quote(view.Folder.Path);

    private static string Out(RunView view) =>
        view.OutDirectory == CommonOptions.DefaultOut ? "" : $" --out {Quote(view.OutDirectory)}";

    private static string Quote(string text) => text.All(character => char.IsLetterOrDigit(character) || "/\\._-:~".Contains(character)) ? text : $"\"{text}\"";
}
