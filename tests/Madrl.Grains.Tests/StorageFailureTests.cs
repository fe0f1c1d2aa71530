using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Madrl.Grains.Tests;

public class StorageFailureTests
{
    [Theory]
    [InlineData(1, null)]
    [InlineData(3, 2L)]
    [InlineData(4, 2L)]
    public async Task A_full_disk_ends_the_run_which_can_be_resumed_later(int failingWrite, long? kept)
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 4, saveEvery: 2));
        var store = new FileCheckpointStore(_ => run.Folder.Path);
        var status = await run.EndAsync(services => services.AddSingleton<ICheckpointStore>(new FullStore(store, failingWrite)));
        Assert.Equal((RunPhase.Failed, kept), (status.Phase, status.Committed));
        Assert.Contains("disk full", status.Error, StringComparison.Ordinal);
        foreach (var checkpoint in TestRun.State(status).Checkpoints)
        {
            Assert.Equal(kept, checkpoint.Iteration);
            foreach (var file in checkpoint.Files) await store.ReadAsync("test-run", file, default);
        }

        await run.StopSiloAsync();
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_named_and_the_previous_one_used()
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 5, saveEvery: 2));
        await run.StartSiloAsync();
        run.Probe.Before = (name, number) => (name, number) == ("LearnerGrain.Learn", 4) ? run.Grain.Stop() : Task.CompletedTask;
        Assert.Equal([2L, 4L], TestRun.State(await run.EndAsync()).Checkpoints.Select(checkpoint => checkpoint.Iteration));
        await run.StopSiloAsync();
        var file = Path.Combine(run.Folder.CheckpointsPath, "00000004-1", "learner.safetensors");
        using (var stream = File.OpenWrite(file)) stream.SetLength(stream.Length - 1);

        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
        var told = await File.ReadAllTextAsync(run.Folder.MetricsPath);
        Assert.Contains("The checkpoint of iteration 4 cannot be used", told, StringComparison.Ordinal);
        Assert.Contains("Going on from the checkpoint of iteration 2.", told, StringComparison.Ordinal);
    }

    /// <summary>A store whose disk is full at one write.</summary>
    private sealed class FullStore(ICheckpointStore inner, int failingWrite) : ICheckpointStore
    {
        private int _writes;

        public Task<CheckpointFile> WriteAsync(
            string run, Ticket ticket, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            ++_writes == failingWrite
                ? Task.FromException<CheckpointFile>(new IOException("disk full"))
                : inner.WriteAsync(run, ticket, name, content, cancellationToken);

        public Task<byte[]> ReadAsync(string run, CheckpointFile file, CancellationToken cancellationToken) =>
            inner.ReadAsync(run, file, cancellationToken);

        public Task RetainAsync(string run, IReadOnlyCollection<CheckpointFile> files, Ticket upTo, CancellationToken cancellationToken) =>
            inner.RetainAsync(run, files, upTo, cancellationToken);
    }
}
