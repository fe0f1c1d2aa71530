using System.Globalization;
using Madrl.Hosting.Storage;
using Orleans.Runtime;
using static Madrl.Hosting.Tests.Storage.StorageFixture;

namespace Madrl.Hosting.Tests.Storage;

/// <summary>
/// A child writes rising numbers and prints each one once its write has completed; it is killed in the middle, over and over on
/// the same file. This shows crash safety; durability over power loss rests on the flushes, which no test here can show.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 10, Seed = 20261122;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_killed_silo_loses_no_state_that_was_acknowledged()
    {
        var database = folder.File("state.db");
        var random = new Random(Seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            var acknowledged = await KillAfter(random.Next(1, 40), "write-state", database);
            using var storage = Open(database);
            var state = await ReadAsync<Child.WrittenState>(storage, GrainId.Create("child", "writer"));
            Assert.InRange(state.State!.Number, acknowledged, acknowledged + 1);
        }
    }

    [Fact]
    public async Task A_killed_writer_leaves_a_whole_file()
    {
        var path = folder.File("file");
        var random = new Random(Seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            var acknowledged = (byte)await KillAfter(random.Next(1, 20), "write-file", path);
            var content = await File.ReadAllBytesAsync(path);
            Assert.Equal(300_000, content.Length);
            Assert.All(content.Distinct(), value => Assert.Equal(content[0], value));
            Assert.InRange((byte)(content[0] - acknowledged), 0, 1);
        }
    }

    // Returns the last number that was acknowledged before the kill.
    private static async Task<int> KillAfter(int lines, string command, string path)
    {
        using var child = new ChildProcess(command, path);
        string? last = null;
        for (var i = 0; i < lines; i++)
            last = await child.Output.ReadLineAsync() ?? throw new InvalidOperationException(await child.Error.ReadToEndAsync());
        return int.Parse((await child.KillAsync(last))!, CultureInfo.InvariantCulture);
    }
}
