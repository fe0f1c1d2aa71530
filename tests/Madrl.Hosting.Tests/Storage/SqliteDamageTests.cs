using Madrl.Hosting.Storage;
using Orleans.Runtime;
using static Madrl.Hosting.Tests.Storage.StorageFixture;

namespace Madrl.Hosting.Tests.Storage;

public sealed class SqliteDamageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Database => folder.File("state.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        await File.WriteAllTextAsync(Database, new string('x', 8192));
        await AssertRefused(Database, "is damaged: it is not a database; restore it from a copy");
        Assert.Equal(8192, new FileInfo(Database).Length);
    }

    [Fact]
    public async Task A_damaged_page_is_found_when_the_file_is_opened()
    {
        using (var storage = Open(Database))
        {
            for (var i = 0; i < 50; i++)
                await storage.WriteStateAsync("state", GrainId.Create("run", $"{i}"),
                    new GrainState<ControlState>(new ControlState { Notes = { ["text"] = new string('x', 3000) } }));
        }

        await using (var file = new FileStream(Database, FileMode.Open))
        {
            file.Seek(3 * 4096, SeekOrigin.Begin);
            file.Write(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
        }

        await AssertRefused(Database, "is damaged");
    }

    [Fact]
    public async Task A_truncated_database_is_found_when_the_file_is_opened()
    {
        await A_damaged_page_is_found_when_the_file_is_opened();
        await using (var file = new FileStream(Database, FileMode.Open)) file.SetLength(file.Length / 2);
        await AssertRefused(Database, "is damaged");
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await Create();
        Execute(Database, "PRAGMA user_version = 2");
        await AssertRefused(Database, "written by a newer version (schema 2); this program reads schema 1");
    }

    [Fact]
    public async Task A_database_of_another_program_is_left_alone()
    {
        Execute(Database, "CREATE TABLE theirs (a)");
        await AssertRefused(Database, "is a database of another program or kind; name another file for the grain state");
        Assert.Equal(1L, Scalar(Database, "SELECT count(*) FROM sqlite_schema"));
    }

    [Fact]
    public async Task A_state_of_another_shape_is_named()
    {
        await Create();
        Execute(Database, """UPDATE grain_state SET payload = '{"Iteration":"seven"}'""");
        var error = await AssertRefused(Database, "State 'state' of grain run/a/b");
        Assert.Contains("is not a ControlState", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(folder.File("file"), "");
        await AssertRefused(folder.File("file/state.db"), "cannot be read or written");
    }

    [Fact]
    public async Task A_folder_in_the_files_place_is_named()
    {
        Directory.CreateDirectory(Database);
        await AssertRefused(Database, "cannot be opened for writing; let this user write to the file and its folder");
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_that_was_acknowledged()
    {
        // A stand-in that needs no rights: the child's files may not grow beyond 300 kB.
        using var child = new ChildProcess("fill-state", Database, "300000");
        var lines = (await child.Output.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("", await child.Error.ReadToEndAsync());
        Assert.Equal(0, await child.ExitAsync());
        Assert.Contains($"'{Database}' cannot be used", lines[^1], StringComparison.Ordinal);
        Assert.Contains("full", lines[^1], StringComparison.Ordinal);
        using var storage = Open(Database);
        var state = await ReadAsync<Child.WrittenState>(storage, GrainId.Create("child", "writer"));
        Assert.True(state.State!.Number >= int.Parse(lines[^2], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task After_a_failed_start_the_storage_works_once_the_cause_is_gone()
    {
        await File.WriteAllTextAsync(Database, new string('x', 8192));
        using var storage = Open(Database);
        await Assert.ThrowsAsync<StorageException>(() => ReadAsync<ControlState>(storage));
        File.Delete(Database);
        Assert.False((await ReadAsync<ControlState>(storage)).RecordExists);
    }

    private async Task Create()
    {
        using var storage = Open(Database);
        await storage.WriteStateAsync("state", SomeGrain, new GrainState<ControlState>(new ControlState()));
    }

    private static async Task<StorageException> AssertRefused(string path, string message)
    {
        using var storage = Open(path);
        var error = await Assert.ThrowsAsync<StorageException>(() => ReadAsync<ControlState>(storage));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetDirectoryName(path)!, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }
}
