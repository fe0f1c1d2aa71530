using System.Text.Json.Nodes;
using Madrl.Environments.Settings;

namespace Madrl.Terminal.Listing;

/// <summary>What <c>--set</c> takes, as the console lists it.</summary>
internal static class SettingsListing
{
    /// <summary>An array with an object per setting.</summary>
    public static JsonArray ToJson(IReadOnlyList<SettingDescription> settings) => [.. settings.Select(setting => new JsonObject
    {
        ["name"] = setting.Name,
        ["default"] = setting.Default,
        ["allowed"] = setting.Allowed,
        ["description"] = setting.Description,
    })];

    /// <summary>Writes two lines per setting, so that 80 columns suffice.</summary>
    public static void Write(string title, IReadOnlyList<SettingDescription> settings)
    {
        Console.Out.WriteLine($"  {title}, each by --set name=value:");
        foreach (var setting in settings)
        {
            Console.Out.WriteLine($"    {$"{setting.Name}={setting.Default}",-26} {setting.Description}");
            Console.Out.WriteLine($"    {"",-26} {setting.Allowed}");
        }

        Console.Out.WriteLine();
    }
}
