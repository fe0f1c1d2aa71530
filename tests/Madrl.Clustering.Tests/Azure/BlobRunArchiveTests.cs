using Madrl.Clustering.Azure;
using Madrl.Grains;
using Madrl.Hosting.Tests;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Microsoft.Extensions.Time.Testing;

namespace Madrl.Clustering.Tests.Azure;

public sealed class BlobRunArchiveTests(BlobAccount account) : RunArchiveContract, IClassFixture<BlobAccount>
{
    protected override IRunArchive Archive { get; } = Open(account);

    [Fact]
    public async Task What_one_silo_makes_another_has()
    {
        var run = await CreateAsync();
        var other = Open(account);
        Assert.Equal(run.ToJson(), (await other.OpenAsync(run.Run)).ToJson());
        await using (var metrics = await other.OpenMetricsAsync(run.Run, 0)) metrics.Append(Row(1));
        Assert.Equal([Row(1)], await Archive.ReadMetricsAsync(run.Run));
        Assert.Equal(["metrics.jsonl", "run.json"], await account.ListAsync($"{run.Run}/"));
        await other.DeleteAsync(run.Run);
        await Assert.ThrowsAsync<UnknownRunException>(() => Archive.OpenAsync(run.Run));
        Assert.Empty(await account.ListAsync($"{run.Run}/"));
    }

    [Fact]
    public async Task Runs_that_two_silos_make_at_once_get_ids_of_their_own()
    {
        const int Count = 24;
        IRunArchive[] archives = [Archive, Open(account)];
        var made = await Task.WhenAll(Enumerable.Range(0, Count).Select(number => archives[number % 2].CreateAsync(Request())));
        var id = $"simple-spread-mappo-s{Seed}-20261122-173205";
        Assert.Equal(Enumerable.Range(1, Count).Select(n => n == 1 ? id : $"{id}-{n}").ToHashSet(), made.Select(run => run.Run).ToHashSet());
        foreach (var run in made) Assert.Equal(run.ToJson(), (await Archive.OpenAsync(run.Run)).ToJson());
    }

    [Fact]
    public async Task What_is_left_of_a_deleted_run_is_no_run_and_joins_none()
    {
        var doomed = (await CreateAsync()).Run;
        await account.PutAsync($"{doomed}/checkpoints/00000001-1/learner.bin", [1]);
        await account.PutAsync($"{doomed}/run.json", null);
        Assert.DoesNotContain(doomed, (await Archive.ListAsync()).Select(run => run.Entry.Run));
        Assert.Equal($"{doomed}-2", (await CreateAsync()).Run);
    }

    [Fact]
    public async Task A_damaged_run_is_named_and_listed()
    {
        var run = (await CreateAsync()).Run;
        var text = await account.ReadAsync($"{run}/run.json");
        await account.PutAsync($"{run}/run.json", System.Text.Encoding.UTF8.GetBytes(text.Replace("1600", "1700", StringComparison.Ordinal)));
        var error = await Assert.ThrowsAsync<RunUnavailableException>(() => Archive.OpenAsync(run));
        Assert.StartsWith($"'madrl-runs/{run}/run.json' does not match its checksum", error.Message, StringComparison.Ordinal);
        var (entry, here) = (await Archive.ListAsync()).Single(listed => listed.Entry.Run == run);
        Assert.Equal(("damaged", error.Message, false), (entry.State, entry.Error, here));
    }

    [Fact]
    public async Task A_run_that_has_not_finished_may_be_here()
    {
        var run = (await CreateAsync()).Run;
        Assert.True(await IsHereAsync());
        await using (var metrics = await Archive.OpenMetricsAsync(run, 0)) metrics.Append("""{"type":"stopped","iteration":1}""");
        Assert.True(await IsHereAsync());
        await using (var metrics = await Archive.OpenMetricsAsync(run, 1)) metrics.Append("""{"type":"finished","iteration":2,"returnMean":1}""");
        Assert.False(await IsHereAsync());

        async Task<bool> IsHereAsync() => (await Archive.ListAsync()).Single(listed => listed.Entry.Run == run).Here;
    }

    [Fact]
    public async Task An_opening_that_was_superseded_appends_nothing_more()
    {
        var run = (await CreateAsync()).Run;
        await using var old = await Archive.OpenMetricsAsync(run, 0);
        old.Append(Row(1));
        await old.FlushAsync();
        old.Append(Row(2));
        await using var metrics = await Open(account).OpenMetricsAsync(run, 1);
        var error = await Assert.ThrowsAsync<StorageUnavailableException>(old.FlushAsync);
        Assert.Equal($"'madrl-runs/{run}/metrics.jsonl' was changed by another, or an answer about it was lost.", error.Message);
        Assert.Throws<StorageUnavailableException>(() => old.Append(Row(3)));
        await Assert.ThrowsAsync<StorageUnavailableException>(old.FlushAsync);
        metrics.Append(Row(2));
        await metrics.FlushAsync();
        Assert.Equal(Rows(1, 2), await Archive.ReadMetricsAsync(run));
    }

    [Fact]
    public async Task Of_many_openings_at_once_one_appends()
    {
        var run = (await CreateAsync()).Run;
        for (var round = 0; round < 2; round++)
        {
            var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AttemptAsync(() => Open(account).OpenMetricsAsync(run, 0))));
            var appended = await Task.WhenAll(opened.OfType<IMetricsFile>().Select(metrics => AttemptAsync(async () =>
            {
                metrics.Append(Row(1));
                await metrics.FlushAsync();
                return metrics;
            })));
            Assert.Single(appended.OfType<IMetricsFile>());
            Assert.Equal([Row(1)], await Archive.ReadMetricsAsync(run));
        }

        static async Task<IMetricsFile?> AttemptAsync(Func<Task<IMetricsFile>> attempt)
        {
            try
            {
                return await attempt();
            }
            catch (StorageUnavailableException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task Rows_go_to_the_account_before_a_flush_when_a_block_of_them_waits()
    {
        const int Count = 5000;
        var run = (await CreateAsync()).Run;
        var rows = Enumerable.Range(1, Count).Select(i => $$"""{"iteration":{{i}},"x":"{{new string('x', 1000)}}"}""").ToArray();
        await using (var metrics = await Archive.OpenMetricsAsync(run, 0))
        {
            foreach (var row in rows) metrics.Append(row);

            const int Sent = 4 * BlobMetricsFile.BlockBytes / 1100;
            await Soon.IsAsync(async () => (await TryReadAsync(run)).Count >= Sent);
            Assert.Equal(rows.Take(Sent), (await Archive.ReadMetricsAsync(run)).Take(Sent));
            await metrics.FlushAsync();
            Assert.Equal(rows, await Archive.ReadMetricsAsync(run));
        }

        await using (var metrics = await Archive.OpenMetricsAsync(run, Count - 100)) metrics.Append(rows[^100]);
        Assert.Equal(rows[..^99], await Archive.ReadMetricsAsync(run));
    }

    [Fact]
    public async Task A_damaged_row_in_the_middle_is_named_and_left()
    {
        var run = (await CreateAsync()).Run;
        var damaged = $"{Row(1)}\n{{\n{Row(2)}\n";
        await account.PutAsync($"{run}/metrics.jsonl", System.Text.Encoding.UTF8.GetBytes(damaged));
        var error = await Assert.ThrowsAnyAsync<IOException>(() => Archive.OpenMetricsAsync(run, 2));
        Assert.StartsWith($"Line 2 of 'madrl-runs/{run}/metrics.jsonl' is damaged", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(() => Archive.ReadMetricsAsync(run));
        Assert.Equal(damaged, await account.ReadAsync($"{run}/metrics.jsonl"));
    }

    protected override Task<string> ReadAsync(string run, string file) => account.ReadAsync($"{run}/{file}");

    private static BlobRunArchive Open(BlobAccount account) =>
        new(account.Runs, new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 17, 32, 5, TimeSpan.Zero)));

    /// <summary>The rows; none while somebody appends.</summary>
    private async Task<IReadOnlyList<string>> TryReadAsync(string run)
    {
        try
        {
            return await Archive.ReadMetricsAsync(run);
        }
        catch (StorageUnavailableException)
        {
            return [];
        }
    }
}
