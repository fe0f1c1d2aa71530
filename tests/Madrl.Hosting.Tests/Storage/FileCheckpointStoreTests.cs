using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Madrl.Hosting.Storage;
using Madrl.Protocols;

namespace Madrl.Hosting.Tests.Storage;

public sealed class FileCheckpointStoreTests : IDisposable
{
    private const long Epoch = 3;

    private static readonly byte[] Content = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

    private readonly TemporaryFolder folder = new();
    private readonly FileCheckpointStore store;

    public FileCheckpointStoreTests() => store = new FileCheckpointStore(folder.File);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_written_is_read_back()
    {
        var file = await WriteAsync(12);
        Assert.Equal(new CheckpointFile(Epoch, 12, "learner.bin", 5000, Convert.ToHexStringLower(SHA256.HashData(Content))), file);
        Assert.Equal(Content, await ReadAsync(file));
        Assert.Equal(["learner.bin"], Names("r/checkpoints/00000012-3"));
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        var file = await store.WriteAsync("r", new Ticket(Epoch, 0), "empty", default, default);
        Assert.Empty(await ReadAsync(file));
    }

    [Fact]
    public async Task Writing_again_replaces()
    {
        var old = await WriteAsync(1);
        var file = await store.WriteAsync("r", new Ticket(Epoch, 1), "learner.bin", new byte[] { 1, 2 }, default);
        Assert.Equal([1, 2], await ReadAsync(file));
        await Assert.ThrowsAsync<CheckpointDamagedException>(() => ReadAsync(old));
    }

    [Fact]
    public async Task A_missing_file_is_damage()
    {
        var file = await WriteAsync(1);
        await AssertDamaged(file with { Iteration = 2 }, "is missing");
        File.Delete(PathOf(1));
        await AssertDamaged(file, "is missing");
    }

    [Fact]
    public async Task A_truncated_file_is_damage()
    {
        var file = await WriteAsync(1);
        await File.WriteAllBytesAsync(PathOf(1), Content[..4999]);
        await AssertDamaged(file, "has 4999 bytes instead of 5000");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2500)]
    [InlineData(4999)]
    public async Task One_flipped_bit_is_damage(int position)
    {
        var file = await WriteAsync(1);
        var flipped = Content.ToArray();
        flipped[position] ^= 1;
        await File.WriteAllBytesAsync(PathOf(1), flipped);
        await AssertDamaged(file, "has the SHA-256");
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData(".hidden")]
    [InlineData("a\0")]
    public async Task Only_plain_names_are_taken(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync("r", new Ticket(Epoch, 1), name, Content, default));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(new CheckpointFile(Epoch, 1, name, 1, "")));
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_on_both_sides()
    {
        using var huge = new Unreadable(int.MaxValue);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync("r", new Ticket(Epoch, 1), "huge", huge.Memory, default));
        var limit = FileCheckpointStore.MaxFileBytes.ToString(CultureInfo.InvariantCulture);
        Assert.Contains($"the limit is {limit}", error.Message, StringComparison.Ordinal);
        var file = await WriteAsync(1);
        await AssertDamaged(file with { Bytes = long.MaxValue }, "instead of");
    }

    [Fact]
    public async Task Retaining_deletes_the_others_and_what_a_crash_left()
    {
        var files = new List<CheckpointFile>();
        foreach (var iteration in (long[])[1, 2, 3, 123_456_789]) files.Add(await WriteAsync(iteration));
        await store.WriteAsync("r", new Ticket(Epoch, 2), "unnamed.bin", Content, default);
        Directory.CreateDirectory(folder.File("r/checkpoints/notes"));
        await File.WriteAllTextAsync(folder.File("r/checkpoints/00000002-3/.learner.bin.abc.tmp"), "half");
        var successor = await store.WriteAsync("r", new Ticket(Epoch + 1, 3), "learner.bin", Content, default);
        await store.RetainAsync("r", [files[1], files[3]], new Ticket(Epoch, 123_456_789), default);
        Assert.Equal(["00000002-3", "00000003-4", "123456789-3", "notes"], Directory.GetDirectories(folder.File("r/checkpoints"))
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["learner.bin"], Names("r/checkpoints/00000002-3"));
        Assert.Equal(Content, await ReadAsync(successor));
        await store.RetainAsync("another", [], new Ticket(Epoch, 0), default);
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
        Assert.Equal(["file"], Names("."));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(folder.File("r"), "a file where the folder should be");
        var error = await Assert.ThrowsAsync<StorageException>(() => WriteAsync(1));
        Assert.Contains(folder.File("r"), error.Message, StringComparison.Ordinal);
    }

    private string PathOf(long iteration) => folder.File($"r/checkpoints/{iteration:D8}-{Epoch}/learner.bin");

    private IEnumerable<string?> Names(string path) => Directory.GetFiles(folder.File(path)).Select(Path.GetFileName);

    private Task<CheckpointFile> WriteAsync(long iteration) => store.WriteAsync("r", new Ticket(Epoch, iteration), "learner.bin", Content, default);

    private Task<byte[]> ReadAsync(CheckpointFile file) => store.ReadAsync("r", file, default);

    private async Task AssertDamaged(CheckpointFile file, string what)
    {
        var error = await Assert.ThrowsAsync<CheckpointDamagedException>(() => ReadAsync(file));
        Assert.Contains(PathOf(file.Iteration), error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    // Claims a length without the memory.
    private sealed class Unreadable(int length) : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(length);

        public override Span<byte> GetSpan() => throw new NotSupportedException();

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }
}
