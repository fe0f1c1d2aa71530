using Madrl.Grains;
using Madrl.Grains.Abstractions;
using Madrl.Protocols.Runs;

namespace Madrl.Hosting.Tests;

/// <summary>What every archive of runs must do; a test project for each archive derives from it.</summary>
public abstract class RunArchiveContract
{
    private static int _seeds;

    /// <summary>The archive.</summary>
    protected abstract IRunArchive Archive { get; }

    /// <summary>Other tests may use the same archive: the seed, and with it the ids of runs, belongs to this one.</summary>
    protected ulong Seed { get; } = (ulong)Interlocked.Increment(ref _seeds);

    [Fact]
    public async Task A_run_that_was_made_is_opened()
    {
        var made = await CreateAsync();
        Assert.Equal(("simple-spread", "mappo", Seed, 1600), (made.Task, made.Algorithm, made.Seed, made.Steps));
        Assert.StartsWith($"simple-spread-mappo-s{Seed}-", made.Run, StringComparison.Ordinal);
        Assert.Equal(made.ToJson(), (await Archive.OpenAsync(made.Run)).ToJson());
    }

    [Fact]
    public async Task A_wrong_request_makes_nothing()
    {
        var before = (await Archive.ListAsync()).Count;
        await Assert.ThrowsAsync<ArgumentException>(() => Archive.CreateAsync(Request() with { Copies = 0 }));
        Assert.Equal(before, (await Archive.ListAsync()).Count);
    }

    [Fact]
    public async Task A_missing_run_names_the_nearest()
    {
        var made = await CreateAsync();
        var error = await Assert.ThrowsAsync<UnknownRunException>(() => Archive.OpenAsync(made.Run + "x"));
        Assert.Contains(made.Run, error.Message.Split("nearest")[1], StringComparison.Ordinal);
        foreach (var id in (string[])["../up", "", "A"]) await Assert.ThrowsAsync<UnknownRunException>(() => Archive.OpenAsync(id));
    }

    [Fact]
    public async Task Rows_are_read_back_once_they_are_flushed_and_appended_over_several_openings()
    {
        var run = (await CreateAsync()).Run;
        Assert.Empty(await Archive.ReadMetricsAsync(run));
        for (var i = 1; i <= 3; i++)
        {
            await using var metrics = await Archive.OpenMetricsAsync(run, 9);
            metrics.Append(Row(2 * i));
            metrics.Append("""{"event":"évaluation"}""");
            await metrics.FlushAsync();
            metrics.Append(Row(2 * i + 1));
            await metrics.FlushAsync();
            Assert.Equal(Rows(2, 2 * i + 1), await Archive.ReadMetricsAsync(run));
        }

        await using (var metrics = await Archive.OpenMetricsAsync(run, 9)) metrics.Append(Row(8));
        Assert.Equal(Rows(2, 8), await Archive.ReadMetricsAsync(run));
    }

    [Fact]
    public async Task Opening_metrics_drops_the_rows_beyond_the_iteration()
    {
        var run = (await CreateAsync()).Run;
        await using (var metrics = await Archive.OpenMetricsAsync(run, 0))
            foreach (var row in Rows(1, 6)) metrics.Append(row);
        await (await Archive.OpenMetricsAsync(run, 4)).DisposeAsync();
        Assert.Equal(Rows(1, 4), await Archive.ReadMetricsAsync(run));
        await using (var metrics = await Archive.OpenMetricsAsync(run, 2)) metrics.Append(Row(3));
        Assert.Equal(Rows(1, 3), await Archive.ReadMetricsAsync(run));
        await (await Archive.OpenMetricsAsync(run, 0)).DisposeAsync();
        Assert.Empty(await Archive.ReadMetricsAsync(run));
    }

    [Fact]
    public async Task What_is_no_row_is_refused()
    {
        await using var metrics = await Archive.OpenMetricsAsync((await CreateAsync()).Run, 0);
        Assert.Throws<ArgumentException>(() => metrics.Append("{\n}"));
        Assert.Throws<ArgumentException>(() => metrics.Append(new string('x', 1024 * 1024 + 1)));
    }

    [Fact]
    public async Task A_summary_is_written_and_replaced()
    {
        var run = (await CreateAsync()).Run;
        Assert.False(await Archive.HasSummaryAsync(run));
        foreach (var summary in (string[])["{\"first\":1}", "{}"])
        {
            await Archive.WriteSummaryAsync(run, summary);
            Assert.True(await Archive.HasSummaryAsync(run));
            Assert.Equal(summary + "\n", await ReadAsync(run, "summary.json"));
        }
    }

    [Theory]
    [InlineData("finished", "finished", null)]
    [InlineData("stopped", "stopped", null)]
    [InlineData("suspended", "suspended", null)]
    [InlineData("error", "failed", "it broke")]
    public async Task The_list_tells_what_the_last_rows_tell(string type, string state, string? error)
    {
        var run = await CreateAsync();
        Assert.Null(Assert.Single(await ListAsync()).EnvSteps);
        await using (var metrics = await Archive.OpenMetricsAsync(run.Run, 0))
        {
            metrics.Append("""{"type":"evaluation","iteration":3,"returnMean":-7.5,"envSteps":1200}""");

            // More than the end that is read for a list.
            for (var i = 0; i < 100; i++) metrics.Append($$"""{"type":"{{(i < 50 ? "progress" : "evaluation")}}","iteration":3,"returnMean":{{i}},"x":"{{new string('é', 3000)}}"}""");
            metrics.Append($$"""{"type":"{{type}}","iteration":4,"envSteps":1600,"message":"it broke"{{(type == "finished" ? ",\"returnMean\":99" : "")}}}""");
        }

        Assert.Equal(new RunEntry(run.Run, "simple-spread", run.Rules, "mappo", Seed, state, 1600, 99, error), Assert.Single(await ListAsync()));
    }

    [Fact]
    public async Task A_run_that_was_deleted_is_gone()
    {
        var (kept, doomed) = (await CreateAsync(), await CreateAsync());
        await using (var metrics = await Archive.OpenMetricsAsync(doomed.Run, 0)) metrics.Append(Row(1));
        await Archive.WriteSummaryAsync(doomed.Run, "{}");
        await Archive.DeleteAsync(doomed.Run);
        await Assert.ThrowsAsync<UnknownRunException>(() => Archive.OpenAsync(doomed.Run));
        await Assert.ThrowsAsync<UnknownRunException>(() => Archive.OpenMetricsAsync(doomed.Run, 1));
        await Assert.ThrowsAsync<UnknownRunException>(() => Archive.WriteSummaryAsync(doomed.Run, "{}"));
        Assert.Equal([kept.Run], (await ListAsync()).Select(entry => entry.Run));
        await Archive.OpenAsync(kept.Run);
    }

    /// <summary>The content of a file of a run, past the archive.</summary>
    protected abstract Task<string> ReadAsync(string run, string file);

    protected RunRequest Request() => new()
    {
        Task = "simple-spread", Seed = Seed, Steps = 1600, Copies = 16, Threads = 1, CheckpointEvery = 800, EvaluateEvery = 1600,
        Settings = new Dictionary<string, string> { ["epochs"] = "2", ["hidden"] = "16" },
    };

    protected Task<Protocols.RunSpecification> CreateAsync() => Archive.CreateAsync(Request());

    protected static string Row(int iteration) => $$"""{"iteration":{{iteration}},"loss":0.5}""";

    protected static IEnumerable<string> Rows(int first, int last) => Enumerable.Range(first, last - first + 1).Select(Row);

    /// <summary>The runs of this test.</summary>
    private async Task<IReadOnlyList<RunEntry>> ListAsync() =>
        [.. (await Archive.ListAsync()).Select(run => run.Entry).Where(entry => entry.Seed == Seed)];
}
