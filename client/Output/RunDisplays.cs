using System.Text.Json;
using Madrl.Client;
using Madrl.Grains.Abstractions;
using Madrl.Terminal.Training;

namespace Madrl.Terminal.Output;

/// <summary>Chooses how a run is shown.</summary>
internal static class RunDisplays
{
    /// <summary>NDJSON where it is asked for, a live panel on a terminal, lines elsewhere.</summary>
    public static IRunDisplay Choose(RunView view, bool json)
    {
        if (json) return new JsonDisplay();
        return Screen.IsLive ? new PanelDisplay(view) : new LineDisplay(view);
    }

    /// <summary>What an event says that is narration rather than data; null for the others.</summary>
    public static string? Narration(EventMessage message)
    {
        if (message.Type is not ("restored" or "waiting" or MadrlClient.Unreachable)) return null;
        using var row = JsonDocument.Parse(message.Json);
        return row.RootElement.GetProperty("message").GetString();
    }
}
