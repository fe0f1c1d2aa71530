using System.Text.Json.Nodes;
using Madrl.Environments.Settings;
using Madrl.Learning.Algorithms;
using Madrl.Terminal.Output;
using Spectre.Console;

namespace Madrl.Terminal.Listing;

/// <summary>An algorithm as the console lists it.</summary>
internal static class AlgorithmListing
{
    /// <summary>One object of type <c>algorithm</c>.</summary>
    public static string ToJson(AlgorithmDefinition algorithm)
    {
        var json = new JsonObject
        {
            ["type"] = "algorithm",
            ["algorithm"] = algorithm.Name,
            ["summary"] = algorithm.Summary,
            ["source"] = algorithm.Source,
            ["settings"] = SettingsListing.ToJson(Settings(algorithm, "madrl")),
        };
        if (algorithm.HasEpymarlForm) json["settingsEpymarl"] = SettingsListing.ToJson(Settings(algorithm, "epymarl"));
        return json.ToCompactString();
    }

    /// <summary>Writes it for people.</summary>
    public static void Write(AlgorithmDefinition algorithm)
    {
        Screen.Out.MarkupLineInterpolated($"[bold]{algorithm.Name}[/]  {algorithm.Summary}");
        Console.Out.WriteLine($"  source   {algorithm.Source}");
        SettingsListing.Write("settings", Settings(algorithm, "madrl"));
        if (algorithm.HasEpymarlForm) SettingsListing.Write("settings with fidelity=epymarl", Settings(algorithm, "epymarl"));
    }

    private static IReadOnlyList<SettingDescription> Settings(AlgorithmDefinition algorithm, string fidelity) =>
        SettingsBinder.Describe(algorithm.Options(new Dictionary<string, string> { ["fidelity"] = fidelity }));
}
