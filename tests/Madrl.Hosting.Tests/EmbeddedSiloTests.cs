using Madrl.Grains.Abstractions;
using Madrl.Hosting.Storage;
using Madrl.Hosting.Tests.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Hosting.Tests;

public sealed class EmbeddedSiloTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Two_silos_live_side_by_side()
    {
        using RunDirectory first = new(folder.File("first")), second = new(folder.File("second"));
        foreach (var runs in (RunDirectory[])[first, second]) runs.Create(Specify("run"));
        var silos = await Task.WhenAll(EmbeddedSilo.StartAsync(first), EmbeddedSilo.StartAsync(second));
        await using (silos[0])
        await using (silos[1])
        {
            // Each has its own storage, although the runs have the same id.
            await silos[0].Client.GetGrain<IMetricsGrain>("run").Open(1, 0);
            Assert.True(File.Exists(first.Open("run").MetricsPath));
            Assert.False(File.Exists(second.Open("run").MetricsPath));
            foreach (var silo in silos) Assert.Equal(RunPhase.None, (await silo.Client.GetGrain<IRunGrain>("run").GetStatus()).Phase);
        }
    }

    [Fact]
    public async Task A_silo_of_another_process_is_no_obstacle()
    {
        using var runs = new RunDirectory(folder.Path);
        runs.Create(Specify("here"));
        var there = RunFolder.Create(folder.Path, Specify("there"));
        await using var here = await EmbeddedSilo.StartAsync(runs);
        using var child = new ChildProcess("silo", there.Path);
        Assert.Equal("started", await child.Output.ReadLineAsync());
        Assert.Equal(RunPhase.None, (await here.Client.GetGrain<IRunGrain>("here").GetStatus()).Phase);
        var catalog = here.Client.GetGrain<IRunCatalogGrain>(IRunCatalogGrain.Key);
        await Assert.ThrowsAsync<RunUnavailableException>(() => catalog.GetStatus("there"));
        Assert.Equal(["new here", "running there"], (await catalog.List()).Select(run => $"{run.State} {run.Run}"));
        await child.KillAsync("started");
        Assert.Equal(RunPhase.None, (await catalog.GetStatus("there")).Phase);
    }

    [Fact]
    public void State_that_cannot_be_used_is_named_and_the_run_is_left_alone()
    {
        using var runs = new RunDirectory(folder.Path);
        var run = RunFolder.Create(folder.Path, Specify("damaged"));
        File.WriteAllText(run.DatabasePath, new string('x', 8192));
        var error = Assert.ThrowsAny<IOException>(() => runs.Open("damaged"));
        Assert.Contains(run.DatabasePath, error.Message, StringComparison.Ordinal);
        Assert.Contains("is not a database", error.Message, StringComparison.Ordinal);
        Assert.False(runs.IsOpen("damaged"));
        RunLock.Acquire(run).Dispose();
    }

    [Fact]
    public void A_deleted_run_is_gone_and_its_id_free()
    {
        using var runs = new RunDirectory(folder.Path);
        runs.Create(Specify("doomed"));
        runs.Delete("doomed");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.True(Assert.Throws<RunFolderException>(() => runs.Open("doomed")).IsMissing);
        Assert.Equal("doomed", runs.Create(Specify("doomed")).Specification.Run);
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("a/b")]
    [InlineData("/etc")]
    [InlineData(".")]
    [InlineData("")]
    public void An_id_is_never_a_path(string run)
    {
        using var runs = new RunDirectory(folder.Path);
        Assert.True(Assert.Throws<RunFolderException>(() => runs.Open(run)).IsMissing);
    }

    private static RunSpecification Specify(string id) => new()
    {
        Run = id,
        Task = "simple-spread",
        Rules = "mpe2",
        Algorithm = "mappo",
        Seed = 1,
        Steps = 100,
        Copies = 4,
        Shards = 1,
        Threads = 1,
        CheckpointEvery = 100,
        EvaluateEvery = 100,
        Game = [],
        Learning = [],
    };
}
