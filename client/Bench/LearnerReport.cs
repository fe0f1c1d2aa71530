using System.Globalization;
using System.Text.Json.Nodes;
using Madrl.Benchmarks;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Bench;

/// <summary>Writes what <c>bench learner</c> measures, line by line: NDJSON, or a table for a person.</summary>
/// <param name="output">Where to.</param>
/// <param name="json">Whether as NDJSON.</param>
/// <param name="rounds">Rounds that the medians are of.</param>
internal sealed class LearnerReport(TextWriter output, bool json, int rounds)
{
    private const string Absent = "-";

    private static readonly int NameWidth = LearnerBenchmark.Names.Max(name => name.Length);

    /// <summary>Writes what stands above the table.</summary>
    /// <param name="peerVersion">PyTorch's version; null without a peer.</param>
    public void Begin(string? peerVersion)
    {
        if (json) return;
        output.WriteLine($"Microseconds, medians of {rounds} rounds{(peerVersion is null ? "" : $"; the peer is PyTorch {peerVersion}")}.");
        WriteRow("", "threads", "ours", "one thread", "naive", "ratio", "peer", "ratio", "bytes");
    }

    /// <summary>Writes a result.</summary>
    public void Add(LearnerResult result)
    {
        if (json) output.WriteLine(ToJson(result).ToCompactString());
        else
        {
            WriteRow(
                result.Name, $"{result.Threads}", Time(result.Ours), Time(result.One), Time(result.Naive), Times(result.Ratio), Time(result.Peer),
                Times(result.PeerRatio), Format.Count(result.AllocatedBytes));
        }
    }

    private JsonObject ToJson(LearnerResult result)
    {
        var line = new JsonObject { ["type"] = "result", ["name"] = result.Name, ["threads"] = result.Threads, ["ours"] = Rounded(result.Ours) };
        if (result.One is { } one) line["one"] = Rounded(one);
        else
        {
            line["naive"] = Rounded(result.Naive);
            line["peer"] = Rounded(result.Peer);
        }

        line["ratio"] = Rounded(result.Ratio);
        if (result.One is null) line["peerRatio"] = Rounded(result.PeerRatio);
        line["allocatedBytes"] = Math.Round(result.AllocatedBytes);
        line["rounds"] = rounds;
        return line;
    }

    private void WriteRow(params ReadOnlySpan<string> cells)
    {
        output.Write(cells[0].PadRight(NameWidth));
        foreach (var cell in cells[1..]) output.Write(cell.PadLeft(11));
        output.WriteLine();
    }

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 3) : null;

    private static string Time(double? microseconds) =>
        microseconds?.ToString(microseconds < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture) ?? Absent;

    private static string Times(double? ratio) => ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? Absent;
}
