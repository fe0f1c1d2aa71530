using System.Globalization;
using System.Text.Json.Nodes;
using Madrl.Benchmarks.Environments;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Bench;

/// <summary>Writes what <c>bench environments</c> measures: NDJSON, or a table for a person.</summary>
/// <param name="output">Where to.</param>
/// <param name="json">Whether as NDJSON.</param>
/// <param name="rounds">Rounds that the medians are of.</param>
internal sealed class EnvironmentReport(TextWriter output, bool json, int rounds)
{
    private const int NameWidth = 30;

    private static readonly int[] _widths = [8, 9, 13, 12, 18, 10, 9];

    /// <summary>Writes what stands above the table.</summary>
    public void Begin()
    {
        if (json) return;
        output.WriteLine($"Steps of a copy per second, medians of {rounds} rounds: all agents act at random, observations are written, ended copies begin again.");
        WriteRow("", "copies", "threads", "steps/s", "bytes/step", "checksum", "peer", "ratio");
    }

    /// <summary>Writes the results of a game.</summary>
    public void Add(IReadOnlyList<EnvironmentResult> results)
    {
        foreach (var result in results)
        {
            if (json) output.WriteLine(ToJson(result).ToCompactString());
            else
            {
                WriteRow(
                    $"{result.Game.Task} ({result.Game.Rules})", Format.Count(result.Copies), $"{result.Threads}", Format.Count(result.StepsPerSecond),
                    result.AllocatedBytesPerStep.ToString("0.##", CultureInfo.InvariantCulture), result.Checksum,
                    result.Peer is { } peer ? Format.Count(peer) : "-", result.PeerRatio is { } ratio ? Format.Count(ratio) : "-");
            }
        }
    }

    private JsonObject ToJson(EnvironmentResult result) => new()
    {
        ["type"] = "result",
        ["task"] = result.Game.Task,
        ["rules"] = result.Game.Rules,
        ["copies"] = result.Copies,
        ["threads"] = result.Threads,
        ["stepsPerSecond"] = Math.Round(result.StepsPerSecond),
        ["allocatedBytesPerStep"] = result.AllocatedBytesPerStep,
        ["checksum"] = result.Checksum,
        ["peer"] = result.Peer is { } peer ? Math.Round(peer) : null,
        ["peerRatio"] = result.PeerRatio is { } ratio ? Math.Round(ratio, 1) : null,
        ["rounds"] = rounds,
    };

    private void WriteRow(params ReadOnlySpan<string> cells)
    {
        output.Write(cells[0].PadRight(NameWidth));
        for (var i = 1; i < cells.Length; i++) output.Write(cells[i].PadLeft(_widths[i - 1]));
        output.WriteLine();
    }
}
