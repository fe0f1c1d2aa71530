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
        var (first, second) = (CreateRun("first"), CreateRun("second"));
        var silos = await Task.WhenAll(EmbeddedSilo.StartAsync(first), EmbeddedSilo.StartAsync(second));
        await using (silos[0])
        await using (silos[1])
        {
            // Each has its own storage: the other's run was never started there.
            await silos[0].Client.GetGrain<IMetricsGrain>("first").Open(1, 0);
            Assert.True(File.Exists(first.MetricsPath));
            Assert.False(File.Exists(second.MetricsPath));
            foreach (var silo in silos)
                Assert.Equal(RunPhase.None, (await silo.Client.GetGrain<IRunGrain>("second").GetStatus()).Phase);
        }
    }

    [Fact]
    public async Task A_silo_of_another_process_is_no_obstacle()
    {
        await using var here = await EmbeddedSilo.StartAsync(CreateRun("here"));
        using var child = new ChildProcess("silo", CreateRun("there").Path);
        Assert.Equal("started", await child.Output.ReadLineAsync());
        Assert.Equal(RunPhase.None, (await here.Client.GetGrain<IRunGrain>("here").GetStatus()).Phase);
        await child.KillAsync("started");
        await using var again = await EmbeddedSilo.StartAsync(RunFolder.Open("there", folder.Path));
    }

    [Fact]
    public async Task Storage_that_cannot_be_used_is_named()
    {
        var run = CreateRun("damaged");
        await File.WriteAllTextAsync(run.DatabasePath, new string('x', 8192));
        var error = await Assert.ThrowsAnyAsync<IOException>(() => EmbeddedSilo.StartAsync(run));
        Assert.Contains(run.DatabasePath, error.Message, StringComparison.Ordinal);
        Assert.Contains("is not a database", error.Message, StringComparison.Ordinal);
    }

    private RunFolder CreateRun(string id) => RunFolder.Create(folder.Path, new RunSpecification
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
    });
}
