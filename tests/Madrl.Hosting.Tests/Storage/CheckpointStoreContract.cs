using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Madrl.Protocols;

namespace Madrl.Hosting.Tests.Storage;

/// <summary>What every checkpoint store must do; a test project for each store derives from it.</summary>
public abstract class CheckpointStoreContract
{
    protected const long Epoch = 3;

    protected const string Name = "learner.bin";

    protected static readonly byte[] Content = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

    /// <summary>The store.</summary>
    protected abstract ICheckpointStore Store { get; }

    /// <summary>Folder, or beginning of the names, under which the checkpoints of <see cref="Run"/> lie; with <c>/</c> at its end.</summary>
    protected abstract string Checkpoints { get; }

    /// <summary>A run that no other test uses.</summary>
    protected abstract string Run { get; }

    [Fact]
    public async Task What_is_written_is_read_back()
    {
        var file = await WriteAsync(12);
        Assert.Equal(new CheckpointFile(Epoch, 12, Name, 5000, Convert.ToHexStringLower(SHA256.HashData(Content))), file);
        Assert.Equal(Content, await ReadAsync(file));
        Assert.Equal(["00000012-3/learner.bin"], await ListAsync());
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        var file = await Store.WriteAsync(Run, new Ticket(Epoch, 0), "empty", default, default);
        Assert.Empty(await ReadAsync(file));
    }

    [Fact]
    public async Task Writing_again_replaces()
    {
        var old = await WriteAsync(1);
        var file = await Store.WriteAsync(Run, new Ticket(Epoch, 1), Name, new byte[] { 1, 2 }, default);
        Assert.Equal([1, 2], await ReadAsync(file));
        await Assert.ThrowsAsync<CheckpointDamagedException>(() => ReadAsync(old));
    }

    [Fact]
    public async Task A_missing_file_is_damage()
    {
        var file = await WriteAsync(1);
        await AssertDamaged(file with { Iteration = 2 }, "is missing");
        await PutAsync(PathOf(1), null);
        await AssertDamaged(file, "is missing");
    }

    [Fact]
    public async Task A_truncated_file_is_damage()
    {
        var file = await WriteAsync(1);
        await PutAsync(PathOf(1), Content[..4999]);
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
        await PutAsync(PathOf(1), flipped);
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
        await Assert.ThrowsAsync<ArgumentException>(() => Store.WriteAsync(Run, new Ticket(Epoch, 1), name, Content, default));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(new CheckpointFile(Epoch, 1, name, 1, "")));
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_on_both_sides()
    {
        using var huge = new Unreadable(int.MaxValue);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Store.WriteAsync(Run, new Ticket(Epoch, 1), "huge", huge.Memory, default));
        var limit = ICheckpointStore.MaxFileBytes.ToString(CultureInfo.InvariantCulture);
        Assert.Contains($"the limit is {limit}", error.Message, StringComparison.Ordinal);
        var file = await WriteAsync(1);
        await AssertDamaged(file with { Bytes = long.MaxValue }, "instead of");
    }

    [Fact]
    public async Task Retaining_deletes_the_others_up_to_the_ticket()
    {
        var files = new List<CheckpointFile>();
        foreach (var iteration in (long[])[1, 2, 3, 123_456_789]) files.Add(await WriteAsync(iteration));
        await Store.WriteAsync(Run, new Ticket(Epoch, 2), "unnamed.bin", Content, default);
        await PutAsync("notes/readme", Content);
        var successor = await Store.WriteAsync(Run, new Ticket(Epoch + 1, 3), Name, Content, default);
        await Store.RetainAsync(Run, [files[1], files[3]], new Ticket(Epoch, 123_456_789), default);
        Assert.Equal(["00000002-3/learner.bin", "00000003-4/learner.bin", "123456789-3/learner.bin", "notes/readme"], await ListAsync());
        Assert.Equal(Content, await ReadAsync(successor));
        await Store.RetainAsync(Run + "-another", [], new Ticket(Epoch, 0), default);
    }

    /// <summary>Writes a file past the store, or deletes it.</summary>
    protected abstract Task PutAsync(string path, byte[]? content);

    /// <summary>The files under <see cref="Checkpoints"/>, in order.</summary>
    protected abstract Task<IEnumerable<string>> ListAsync();

    protected static string PathOf(long iteration) => $"{iteration:D8}-{Epoch}/{Name}";

    protected Task<CheckpointFile> WriteAsync(long iteration) => Store.WriteAsync(Run, new Ticket(Epoch, iteration), Name, Content, default);

    protected Task<byte[]> ReadAsync(CheckpointFile file) => Store.ReadAsync(Run, file, default);

    private async Task AssertDamaged(CheckpointFile file, string what)
    {
        var error = await Assert.ThrowsAsync<CheckpointDamagedException>(() => ReadAsync(file));
        Assert.Contains(Checkpoints + PathOf(file.Iteration), error.Message, StringComparison.Ordinal);
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
