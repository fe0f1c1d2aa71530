using Madrl.Grains;
using Madrl.Hosting.Storage;
using Madrl.Hosting.Tests.Storage;

namespace Madrl.Hosting.Tests;

/// <summary>Runs as folders.</summary>
public sealed class RunArchiveTests : RunArchiveContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunDirectory _runs;

    public RunArchiveTests()
    {
        _runs = new RunDirectory(_folder.Path);
        Archive = new RunArchive(_runs, new StoppedClock());
    }

    protected override IRunArchive Archive { get; }

    public void Dispose()
    {
        _runs.Dispose();
        _folder.Dispose();
    }

    protected override Task<string> ReadAsync(string run, string file) => File.ReadAllTextAsync(_folder.File($"{run}/{file}"));
}
