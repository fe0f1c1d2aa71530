using Madrl.Clustering.Azure;
using Madrl.Hosting.Tests.Storage;
using Madrl.Protocols;

namespace Madrl.Clustering.Tests.Azure;

public sealed class BlobCheckpointStoreTests(BlobAccount account) : CheckpointStoreContract, IClassFixture<BlobAccount>
{
    private static int _runs;

    protected override ICheckpointStore Store { get; } = new BlobCheckpointStore(account.Runs);

    protected override string Run { get; } = $"r{Interlocked.Increment(ref _runs)}";

    protected override string Checkpoints => $"madrl-runs/{Run}/checkpoints/";

    [Fact]
    public async Task A_file_of_several_parts_is_read_back()
    {
        var content = new byte[9_000_001];
        new Random(1).NextBytes(content);
        var file = await Store.WriteAsync(Run, new Ticket(Epoch, 1), Name, content, default);
        Assert.Equal(content, await ReadAsync(file));
        content[^1] ^= 1;
        await PutAsync(PathOf(1), content);
        await Assert.ThrowsAsync<CheckpointDamagedException>(() => ReadAsync(file));
    }

    [Fact]
    public async Task Retaining_leaves_the_other_files_of_the_run_and_other_runs()
    {
        await WriteAsync(1);
        await account.PutAsync($"{Run}/run.json", []);
        await Store.WriteAsync($"{Run}-2", new Ticket(Epoch, 1), Name, Content, default);
        await Store.RetainAsync(Run, [], new Ticket(Epoch, 1), default);
        Assert.Equal(["-2/checkpoints/00000001-3/learner.bin", "/run.json"], await account.ListAsync(Run));
    }

    [Fact]
    public async Task What_is_given_up_is_not_called_an_outage()
    {
        var given = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync(Run, new Ticket(Epoch, 1), Name, Content, given));
        var file = await WriteAsync(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadAsync(Run, file, given));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.RetainAsync(Run, [], file.Ticket, given));
    }

    protected override Task PutAsync(string path, byte[]? content) => account.PutAsync($"{Run}/checkpoints/{path}", content);

    protected override Task<IEnumerable<string>> ListAsync() => account.ListAsync($"{Run}/checkpoints/");
}
