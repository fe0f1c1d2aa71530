using Madrl.Hosting.Storage;
using Madrl.Protocols;

namespace Madrl.Hosting.Tests.Storage;

public sealed class FileCheckpointStoreTests : CheckpointStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FileCheckpointStore store;

    public FileCheckpointStoreTests() => store = new FileCheckpointStore(folder.File);

    protected override ICheckpointStore Store => store;

    protected override string Run => "r";

    protected override string Checkpoints => folder.File("r/checkpoints/");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Retaining_deletes_what_a_crash_left()
    {
        var file = await WriteAsync(2);
        await PutAsync("00000002-3/.learner.bin.abc.tmp", Content);
        await PutAsync("00000001-3/.learner.bin.abc.tmp", Content);
        await store.RetainAsync(Run, [file], new Ticket(Epoch, 2), default);
        Assert.Equal(["00000002-3"], Directory.GetDirectories(Checkpoints).Select(Path.GetFileName));
        Assert.Equal([PathOf(2)], await ListAsync());
    }

    [Fact]
    public async Task A_full_disk_leaves_the_old_file_and_no_rubbish()
    {
        await File.WriteAllTextAsync(folder.File("file"), "old");
        using var child = new ChildProcess("fill-file", folder.File("file"), "100000");
        var error = await child.Error.ReadToEndAsync();
        Assert.NotEqual(0, await child.ExitAsync());
        Assert.Contains($"'{folder.File("file")}' cannot be read or written: it would grow", error, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(folder.File("file")));
        Assert.Equal(["file"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(folder.File("r"), "a file where the folder should be");
        var error = await Assert.ThrowsAsync<StorageException>(() => WriteAsync(1));
        Assert.Contains(folder.File("r"), error.Message, StringComparison.Ordinal);
    }

    protected override async Task PutAsync(string path, byte[]? content)
    {
        path = Checkpoints + path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (content is null) File.Delete(path);
        else await File.WriteAllBytesAsync(path, content);
    }

    protected override Task<IEnumerable<string>> ListAsync() => Task.FromResult<IEnumerable<string>>(
    [
        .. Directory.GetFiles(Checkpoints, "*", SearchOption.AllDirectories).Select(path => path[Checkpoints.Length..]).Order(StringComparer.Ordinal),
    ]);
}
