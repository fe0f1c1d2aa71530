using Madrl.Hosting.Storage;
using Orleans.Runtime;
using Orleans.Storage;
using static Madrl.Hosting.Tests.Storage.StorageFixture;

namespace Madrl.Hosting.Tests.Storage;

public sealed class SqliteGrainStorageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Database => folder.File("deep/er/state.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_grain_without_state_gets_an_empty_one()
    {
        using var storage = Open(Database);
        var state = await ReadAsync<ControlState>(storage);
        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Equal(0, state.State!.Iteration);
    }

    [Fact]
    public async Task What_is_written_is_read_back_after_reopening()
    {
        using (var storage = Open(Database))
        {
            var written = await ReadAsync<ControlState>(storage);
            written.State = new() { Iteration = long.MaxValue, Best = double.NaN, Notes = { ["ключ"] = "\"a\"\n\0" } };
            await storage.WriteStateAsync("state", SomeGrain, written);
            Assert.True(written.RecordExists);
            Assert.Equal("1", written.ETag);
        }

        using var reopened = Open(Database);
        var read = await ReadAsync<ControlState>(reopened);
        Assert.True(read.RecordExists);
        Assert.Equal("1", read.ETag);
        Assert.Equal(long.MaxValue, read.State!.Iteration);
        Assert.Equal(double.NaN, read.State!.Best);
        Assert.Equal("\"a\"\n\0", read.State!.Notes["ключ"]);
        Assert.Equal("2026-11-22T17:32:05.0000000Z", Scalar(Database, "SELECT modified FROM grain_state"));
    }

    [Fact]
    public async Task States_are_kept_apart_by_grain_and_by_name()
    {
        using var storage = Open(Database);
        (GrainId Grain, string Name)[] keys = [(SomeGrain, "state"), (SomeGrain, "other"), (GrainId.Create("run", "a"), "state"),
            (GrainId.Create("agent", "a/b"), "state")];
        for (var i = 0; i < keys.Length; i++)
            await storage.WriteStateAsync(
                keys[i].Name, keys[i].Grain, new GrainState<ControlState>(new ControlState { Iteration = i + 1 }));
        for (var i = 0; i < keys.Length; i++)
            Assert.Equal(i + 1, (await ReadAsync<ControlState>(storage, keys[i].Grain, keys[i].Name)).State!.Iteration);
    }

    [Fact]
    public async Task The_second_of_two_writers_is_refused_with_both_versions()
    {
        using var one = Open(Database);
        using var other = Open(Database);
        var first = await ReadAsync<ControlState>(one);
        var second = await ReadAsync<ControlState>(other);
        first.State!.Iteration = 1;
        await one.WriteStateAsync("state", SomeGrain, first);
        await one.WriteStateAsync("state", SomeGrain, first);
        second.State!.Iteration = 2;
        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => other.WriteStateAsync("state", SomeGrain, second));
        Assert.Equal("2", error.StoredEtag);
        Assert.Null(error.CurrentEtag);
        Assert.Contains("version 2", error.Message, StringComparison.Ordinal);

        second = await ReadAsync<ControlState>(other);
        Assert.Equal(1, second.State!.Iteration);
        await other.WriteStateAsync("state", SomeGrain, second);
        error = await Assert.ThrowsAsync<InconsistentStateException>(() => one.WriteStateAsync("state", SomeGrain, first));
        Assert.Equal(("3", "2"), (error.StoredEtag, error.CurrentEtag));
        await Assert.ThrowsAsync<InconsistentStateException>(() => one.ClearStateAsync("state", SomeGrain, first));
        Assert.Equal("2", first.ETag);
    }

    [Fact]
    public async Task A_tag_of_another_provider_matches_nothing()
    {
        using var storage = Open(Database);
        var state = new GrainState<ControlState>(new ControlState(), "\"0x8D\"");
        var error = await Assert.ThrowsAsync<InconsistentStateException>(
            () => storage.WriteStateAsync("state", SomeGrain, state));
        Assert.Equal((null, "\"0x8D\""), (error.StoredEtag, error.CurrentEtag));
    }

    [Fact]
    public async Task A_tag_from_before_a_clear_never_matches_again()
    {
        using var storage = Open(Database);
        var state = await ReadAsync<ControlState>(storage);
        state.State!.Iteration = 7;
        await storage.WriteStateAsync("state", SomeGrain, state);
        var stale = await ReadAsync<ControlState>(storage);
        await storage.ClearStateAsync("state", SomeGrain, state);
        Assert.False(state.RecordExists);
        Assert.Equal(0, state.State!.Iteration);
        Assert.False((await ReadAsync<ControlState>(storage)).RecordExists);

        await storage.WriteStateAsync("state", SomeGrain, state);
        Assert.True((await ReadAsync<ControlState>(storage)).RecordExists);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", SomeGrain, stale));
    }

    [Fact]
    public async Task Of_many_concurrent_writers_each_version_is_won_once()
    {
        using var one = Open(Database);
        using var other = Open(Database);
        async Task Increment(SqliteGrainStorage storage)
        {
            for (var done = 0; done < 25;)
            {
                var state = await ReadAsync<ControlState>(storage);
                state.State!.Iteration++;
                try
                {
                    await storage.WriteStateAsync("state", SomeGrain, state);
                    done++;
                }
                catch (InconsistentStateException)
                {
                    // Another writer was first: read again.
                }
            }
        }

        await Task.WhenAll(Increment(one), Increment(one), Increment(other), Increment(other));
        var result = await ReadAsync<ControlState>(one);
        Assert.Equal(100, result.State!.Iteration);
        Assert.Equal("100", result.ETag);
    }

    [Fact]
    public async Task A_state_beyond_the_limit_is_refused()
    {
        using var storage = Open(Database);
        var state = await ReadAsync<ControlState>(storage);
        state.State!.Notes["bulk"] = new string('x', SqliteGrainStorage.MaxStateBytes);
        var error = await Assert.ThrowsAsync<StorageException>(() => storage.WriteStateAsync("state", SomeGrain, state));
        Assert.Contains("checkpoint store", error.Message, StringComparison.Ordinal);
        Assert.False((await ReadAsync<ControlState>(storage)).RecordExists);
    }

    [Fact]
    public async Task Closing_leaves_one_plain_file_and_ends_the_storage()
    {
        var storage = Open(Database);
        await storage.WriteStateAsync("state", SomeGrain, new GrainState<ControlState>(new ControlState()));
        storage.Dispose();
        storage.Dispose();
        Assert.Equal(["state.db"], Directory.GetFiles(Path.GetDirectoryName(Database)!).Select(Path.GetFileName));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync<ControlState>(storage));
    }
}
