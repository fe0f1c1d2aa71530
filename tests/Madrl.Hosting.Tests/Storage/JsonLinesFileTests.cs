using Madrl.Hosting.Storage;

namespace Madrl.Hosting.Tests.Storage;

public sealed class JsonLinesFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Metrics => folder.File("metrics.jsonl");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Lines_are_appended_over_several_openings()
    {
        for (var i = 1; i <= 3; i++)
        {
            await using var file = new JsonLinesFile(Metrics);
            file.Append(Row(i));
            file.Append("""{"event":"évaluation"}""");
        }

        Assert.Equal(6, (await File.ReadAllLinesAsync(Metrics)).Length);
        Assert.Equal(0, JsonLinesFile.TruncateAfter(Metrics, 3));
        Assert.Equal(6, (await File.ReadAllLinesAsync(Metrics)).Length);
    }

    [Fact]
    public async Task A_flush_brings_the_lines_to_the_file()
    {
        await using var file = new JsonLinesFile(Metrics);
        file.Append(Row(1));
        await file.FlushAsync();
        Assert.Equal(Row(1) + "\n", ReadShared());
    }

    [Fact]
    public async Task Rows_beyond_the_committed_iteration_go_and_rows_without_one_stay()
    {
        await WriteAsync([Row(1), Row(2), """{"event":"x"}""", Row(3), """{"event":"y"}""", Row(4)]);
        Assert.Equal(2, JsonLinesFile.TruncateAfter(Metrics, 2));
        Assert.Equal([Row(1), Row(2), """{"event":"x"}""", """{"event":"y"}"""], await File.ReadAllLinesAsync(Metrics));
        Assert.Equal([Metrics], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_torn_end_goes_wherever_it_was_torn()
    {
        var last = Row(2) + "\n";
        for (var length = 1; length < last.Length; length++)
        {
            await File.WriteAllTextAsync(Metrics, Row(1) + "\n" + last[..length]);
            var error = Assert.Throws<StorageException>(() => new JsonLinesFile(Metrics));
            Assert.Contains("torn line", error.Message, StringComparison.Ordinal);
            Assert.Equal(1, JsonLinesFile.TruncateAfter(Metrics, 9));
            Assert.Equal(Row(1) + "\n", await File.ReadAllTextAsync(Metrics));
        }
    }

    [Theory]
    [InlineData("\0\0\0\0")]
    [InlineData("{\"iteration\":\n")]
    [InlineData("7\n")]
    public async Task An_end_that_is_no_row_goes(string end)
    {
        await File.WriteAllTextAsync(Metrics, Row(1) + "\n" + end);
        Assert.Equal(1, JsonLinesFile.TruncateAfter(Metrics, 9));
        Assert.Equal(Row(1) + "\n", await File.ReadAllTextAsync(Metrics));
    }

    [Fact]
    public async Task Damage_before_the_end_is_named_and_left()
    {
        await WriteAsync([Row(1), "{", Row(2)]);
        var before = await File.ReadAllTextAsync(Metrics);
        var error = Assert.Throws<StorageException>(() => JsonLinesFile.TruncateAfter(Metrics, 9));
        Assert.Contains($"Line 2 of '{Metrics}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Metrics));
        Assert.Equal([Metrics], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task The_longest_line_is_taken_and_a_longer_one_refused()
    {
        var longest = "{\"t\":\"" + new string('x', JsonLinesFile.MaxLineBytes - 8) + "\"}";
        await using (var file = new JsonLinesFile(Metrics))
        {
            file.Append(longest);
            file.Append(Row(1));
            Assert.Throws<ArgumentException>(() => file.Append(longest + " "));
            Assert.Throws<ArgumentException>(() => file.Append("{\n}"));
        }

        Assert.Equal(0, JsonLinesFile.TruncateAfter(Metrics, 1));
        Assert.Equal([longest, Row(1)], await File.ReadAllLinesAsync(Metrics));
        await File.WriteAllTextAsync(Metrics, longest + "x\n");
        var error = Assert.Throws<StorageException>(() => JsonLinesFile.TruncateAfter(Metrics, 1));
        Assert.Contains("line of more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_does_not_exist_needs_no_mending()
    {
        Assert.Equal(0, JsonLinesFile.TruncateAfter(Metrics, 1));
        Assert.False(File.Exists(Metrics));
        Assert.Throws<StorageException>(() => new JsonLinesFile(folder.File("no/metrics.jsonl")));
    }

    [Fact]
    public async Task A_full_disk_is_named()
    {
        // Writes to this device always fail as on a full disk.
        var file = new JsonLinesFile("/dev/full");
        file.Append(Row(1));
        var error = await Assert.ThrowsAsync<StorageException>(file.FlushAsync);
        Assert.Contains("the disk is full; free some space", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(async () => await file.DisposeAsync());
    }

    private static string Row(int iteration) => $$"""{"iteration":{{iteration}},"loss":0.5}""";

    private async Task WriteAsync(string[] lines) => await File.WriteAllTextAsync(Metrics, string.Join('\n', lines) + "\n");

    private string ReadShared()
    {
        using var reader = new StreamReader(new FileStream(Metrics, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
