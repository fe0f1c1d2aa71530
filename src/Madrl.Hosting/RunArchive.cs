using System.Text;
using Madrl.Grains;
using Madrl.Grains.Abstractions;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Hosting;

/// <summary>Runs as folders of a directory.</summary>
internal sealed class RunArchive(RunDirectory runs, TimeProvider time) : IRunArchive
{
    public Task<RunSpecification> CreateAsync(RunRequest request)
    {
        var specification = RunSpecifier.Specify(request, time);
        return Task.Run(() => runs.Create(specification).Specification);
    }

    public Task<RunSpecification> OpenAsync(string run) => Task.Run(() => FolderOf(run).Specification);

    public Task<IReadOnlyList<(RunEntry Entry, bool Here)>> ListAsync() => Task.Run<IReadOnlyList<(RunEntry, bool)>>(
        () => [.. RunFiles.List(runs.Path).Select(entry => (entry, runs.IsOpen(entry.Run) && entry.State is not ("finished" or "damaged")))]);

    public Task DeleteAsync(string run) => Task.Run(() => runs.Delete(run));

    public Task<IMetricsFile> OpenMetricsAsync(string run, long iteration) => Task.Run<IMetricsFile>(() =>
    {
        var path = FolderOf(run).MetricsPath;
        JsonLinesFile.TruncateAfter(path, iteration);
        return new MetricsFile(new JsonLinesFile(path));
    });

    public Task<IReadOnlyList<string>> ReadMetricsAsync(string run) => Task.Run<IReadOnlyList<string>>(() =>
    {
        var path = FolderOf(run).MetricsPath;
        if (!File.Exists(path)) return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return JsonLinesReader.Rows(file, path);
    });

    public Task WriteSummaryAsync(string run, string json) =>
        Task.Run(() => AtomicFile.Write(FolderOf(run).SummaryPath, Encoding.UTF8.GetBytes(json + "\n")));

    public Task<bool> HasSummaryAsync(string run) => Task.Run(() => File.Exists(FolderOf(run).SummaryPath));

    /// <summary>These exceptions are known on the other side of a gateway too.</summary>
    private RunFolder FolderOf(string run)
    {
        try
        {
            return runs.Open(run);
        }
        catch (RunFolderException error)
        {
            throw error.IsMissing ? new UnknownRunException(error.Message) : new RunUnavailableException(error.Message);
        }
        catch (StorageException error)
        {
            throw new RunUnavailableException(error.Message);
        }
    }

    private sealed class MetricsFile(JsonLinesFile file) : IMetricsFile
    {
        public void Append(string json) => file.Append(json);

        public Task FlushAsync() => file.FlushAsync();

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
