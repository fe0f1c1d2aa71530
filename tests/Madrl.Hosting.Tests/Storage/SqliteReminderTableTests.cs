using Madrl.Hosting.Storage;
using Orleans.Runtime;

namespace Madrl.Hosting.Tests.Storage;

public sealed class SqliteReminderTableTests : IDisposable
{
    private const int Seed = 20261122;

    private static readonly DateTime _start = new DateTime(2026, 11, 22, 17, 32, 5, DateTimeKind.Utc).AddTicks(1234567);
    private static readonly GrainId _grain = GrainId.Create("run", "a/b");

    private readonly TemporaryFolder _folder = new();

    private string Database => _folder.File("deep/er/reminders.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_registered_is_read_back_after_reopening()
    {
        string? etag;
        using (var table = new SqliteReminderTable(Database))
        {
            Assert.Null(await table.ReadRow(_grain, "wake"));
            Assert.Empty((await table.ReadRows(_grain)).Reminders);
            etag = await table.UpsertRow(Reminder(_grain, "wake"));
        }

        using var reopened = new SqliteReminderTable(Database);
        var read = await reopened.ReadRow(_grain, "wake");
        Assert.NotNull(read);
        Assert.Equal((_grain, "wake", etag), (read.GrainId, read.ReminderName, read.ETag));
        Assert.Equal((_start, DateTimeKind.Utc, TimeSpan.FromTicks(987654321)), (read.StartAt, read.StartAt.Kind, read.Period));
    }

    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Local)]
    [InlineData(DateTimeKind.Unspecified)]
    public async Task A_start_is_kept_in_UTC(DateTimeKind kind)
    {
        using var table = new SqliteReminderTable(Database);
        var reminder = Reminder(_grain, "wake");
        reminder.StartAt = kind == DateTimeKind.Local ? _start.ToLocalTime() : DateTime.SpecifyKind(_start, kind);
        await table.UpsertRow(reminder);
        var read = (await table.ReadRow(_grain, "wake"))!.StartAt;
        Assert.Equal((_start, DateTimeKind.Utc), (read, read.Kind));
    }

    [Fact]
    public async Task Registered_again_a_reminder_is_replaced_under_a_new_tag()
    {
        using var table = new SqliteReminderTable(Database);
        var first = await table.UpsertRow(Reminder(_grain, "wake"));
        var changed = Reminder(_grain, "wake");
        // Whatever tag it carries: the last registration holds.
        (changed.Period, changed.ETag) = (TimeSpan.FromMinutes(5), "of another provider");
        var second = await table.UpsertRow(changed);
        Assert.NotEqual(first, second);
        var row = Assert.Single((await table.ReadRows(_grain)).Reminders);
        Assert.Equal((second, TimeSpan.FromMinutes(5)), (row.ETag, row.Period));
    }

    [Fact]
    public async Task Only_the_latest_tag_removes_a_reminder()
    {
        using var table = new SqliteReminderTable(Database);
        var stale = (await table.UpsertRow(Reminder(_grain, "wake")))!;
        var etag = (await table.UpsertRow(Reminder(_grain, "wake")))!;
        foreach (var wrong in (string[])[stale, "0" + etag, "", "\"0x8D\"", $"{long.MaxValue}0"])
            Assert.False(await table.RemoveRow(_grain, "wake", wrong));
        Assert.False(await table.RemoveRow(_grain, "Wake", etag));
        Assert.False(await table.RemoveRow(GrainId.Create("run", "a/c"), "wake", etag));
        Assert.Equal(etag, (await table.ReadRow(_grain, "wake"))!.ETag);
        Assert.True(await table.RemoveRow(_grain, "wake", etag));
        Assert.Null(await table.ReadRow(_grain, "wake"));
        Assert.False(await table.RemoveRow(_grain, "wake", etag));
    }

    [Fact]
    public async Task A_tag_from_before_a_removal_never_matches_again()
    {
        string first;
        using (var table = new SqliteReminderTable(Database))
        {
            first = (await table.UpsertRow(Reminder(_grain, "wake")))!;
            Assert.True(await table.RemoveRow(_grain, "wake", first));
        }

        using var reopened = new SqliteReminderTable(Database);
        var second = (await reopened.UpsertRow(Reminder(_grain, "wake")))!;
        await reopened.TestOnlyClearTable();
        Assert.Null(await reopened.ReadRow(_grain, "wake"));
        await reopened.UpsertRow(Reminder(_grain, "wake"));
        foreach (var stale in (string[])[first, second]) Assert.False(await reopened.RemoveRow(_grain, "wake", stale));
    }

    [Fact]
    public async Task Odd_names_are_kept_apart_and_to_the_letter()
    {
        string[] names = ["wake", "Wake", " wake", "", "a/b\\#c_d?%", "'; DROP TABLE reminder; --", "ключ\n\U0001F980", "nul\0", "nul\0l",
            new string('x', 100_000)];
        using var table = new SqliteReminderTable(Database);
        var grains = names.Where(name => name.Trim() != "").Select(name => GrainId.Create("run", name)).ToList();
        foreach (var grain in grains)
            foreach (var name in names)
                await table.UpsertRow(Reminder(grain, name));
        foreach (var grain in grains)
        {
            var rows = (await table.ReadRows(grain)).Reminders;
            Assert.All(rows, row => Assert.Equal(grain, row.GrainId));
            Assert.Equal(names.Order(StringComparer.Ordinal), rows.Select(row => row.ReminderName).Order(StringComparer.Ordinal));
            foreach (var name in names) Assert.Equal(name, (await table.ReadRow(grain, name))!.ReminderName);
        }
    }

    [Fact]
    public async Task Rows_of_a_range_lie_above_its_begin_and_up_to_its_end_and_go_round()
    {
        using var table = new SqliteReminderTable(Database);
        var grains = Enumerable.Range(0, 60).Select(i => GrainId.Create("run", $"{i}")).OrderBy(grain => grain.GetUniformHashCode()).ToList();
        foreach (var grain in grains) await table.UpsertRow(Reminder(grain, "wake"));
        var hashes = grains.ConvertAll(grain => grain.GetUniformHashCode());
        // Both halves of the ring, or signs would go unnoticed.
        Assert.True(hashes[0] < int.MaxValue && hashes[^1] > int.MaxValue);
        var random = new Random(Seed);
        uint Bound() => hashes[random.Next(hashes.Count)] + (uint)random.Next(-1, 2);
        (uint, uint)[] ranges = [(0, 0), (0, uint.MaxValue), (uint.MaxValue, 0), (hashes[7], hashes[7]), (hashes[7] - 1, hashes[7]),
            (hashes[7], hashes[7] - 1), (hashes[^1], hashes[0]), .. Enumerable.Range(0, 200).Select(_ => (Bound(), Bound()))];
        foreach (var (begin, end) in ranges)
        {
            // By distance along the ring, so that the test has a formula of its own.
            var expected = grains.Where(grain => begin == end || unchecked(grain.GetUniformHashCode() - begin - 1 < end - begin));
            Assert.Equal(
                expected, (await table.ReadRows(begin, end)).Reminders.Select(row => row.GrainId).OrderBy(grain => grain.GetUniformHashCode()));
        }
    }

    [Fact]
    public async Task Concurrent_users_of_one_file_each_get_a_tag_of_their_own_and_one_removes()
    {
        using var one = new SqliteReminderTable(Database);
        using var other = new SqliteReminderTable(Database);
        SqliteReminderTable[] tables = [one, other, one, other];
        var tags = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => tables[i % 4].UpsertRow(Reminder(_grain, $"{i % 2}"))));
        Assert.Equal(100, tags.Distinct().Count());
        var rows = (await other.ReadRows(_grain)).Reminders;
        Assert.Equal(["0", "1"], rows.Select(row => row.ReminderName).Order());
        var last = tags.Max(long.Parse!);
        var latest = rows.Single(row => row.ETag == $"{last}");
        var removed = await Task.WhenAll(tables.Select(table => table.RemoveRow(_grain, latest.ReminderName, latest.ETag!)));
        Assert.Single(removed, done => done);
    }

    [Fact]
    public async Task Stopping_leaves_one_plain_file_and_ends_the_table()
    {
        using var table = new SqliteReminderTable(Database);
        await table.StartAsync();
        await table.UpsertRow(Reminder(_grain, "wake"));
        await table.StopAsync();
        Assert.Equal(["reminders.db"], Directory.GetFiles(Path.GetDirectoryName(Database)!).Select(Path.GetFileName));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => table.ReadRows(_grain));
    }

    private static ReminderEntry Reminder(GrainId grain, string name) =>
        new() { GrainId = grain, ReminderName = name, StartAt = _start, Period = TimeSpan.FromTicks(987654321) };
}
