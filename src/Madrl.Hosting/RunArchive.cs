using System.Text;
using Madrl.Grains;
using Madrl.Hosting.Storage;

namespace Madrl.Hosting;

/// <summary>The metrics file in a run's folder.</summary>
internal sealed class RunArchive(RunFolder folder) : IRunArchive
{
    public IMetricsFile OpenMetrics(string run, long iteration)
    {
        JsonLinesFile.TruncateAfter(folder.MetricsPath, iteration);
        return new MetricsFile(new JsonLinesFile(folder.MetricsPath));
    }

    public void WriteSummary(string run, string json) => AtomicFile.Write(folder.SummaryPath, Encoding.UTF8.GetBytes(json + "\n"));

    private sealed class MetricsFile(JsonLinesFile file) : IMetricsFile
    {
        public void Append(string json) => file.Append(json);

        public Task FlushAsync() => file.FlushAsync();

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
