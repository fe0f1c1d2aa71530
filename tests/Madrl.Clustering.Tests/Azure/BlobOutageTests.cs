using Azure.Storage.Blobs;
using Madrl.Clustering.Azure;
using Madrl.Clustering.Tests.Servers;
using Madrl.Grains.Abstractions;
using Madrl.Protocols;

namespace Madrl.Clustering.Tests.Azure;

/// <summary>An account that answers nothing, is gone, or refuses.</summary>
public class BlobOutageTests
{
    private static readonly RunRequest _request = new() { Task = "simple-spread" };
    private static readonly Ticket _ticket = new(1, 1);

    [Fact]
    public async Task An_account_that_hangs_is_unavailable_and_works_when_it_goes_on()
    {
        await using var server = await AzuriteServer.StartAsync();
        var runs = Open(server.ConnectionString);
        var (store, archive) = (new BlobCheckpointStore(runs), new BlobRunArchive(runs, TimeProvider.System));
        var run = await archive.CreateAsync(_request);
        var file = await store.WriteAsync(run.Run, _ticket, "learner.bin", new byte[] { 1 }, default);
        var metrics = await archive.OpenMetricsAsync(run.Run, 0);
        metrics.Append("""{"iteration":1}""");
        await metrics.FlushAsync();
        metrics.Append("""{"iteration":2}""");

        await server.PauseAsync();
        await Task.WhenAll(
            AssertUnavailableAsync(() => store.WriteAsync(run.Run, _ticket, "other.bin", new byte[] { 1 }, default)),
            AssertUnavailableAsync(() => store.ReadAsync(run.Run, file, default)),
            AssertUnavailableAsync(() => store.RetainAsync(run.Run, [], _ticket, default)),
            AssertUnavailableAsync(() => archive.CreateAsync(_request)),
            AssertUnavailableAsync(() => archive.ListAsync()),
            AssertUnavailableAsync(() => archive.WriteSummaryAsync(run.Run, "{}")),
            AssertUnavailableAsync(() => archive.ReadMetricsAsync(run.Run)),
            AssertUnavailableAsync(metrics.FlushAsync),
            AssertUnavailableAsync(() => new BlobRunArchive(runs, TimeProvider.System).OpenAsync(run.Run)));

        // What decides a run is known here.
        Assert.Equal(run.ToJson(), (await archive.OpenAsync(run.Run)).ToJson());

        await server.ResumeAsync();
        Assert.Equal([1], await store.ReadAsync(run.Run, file, default));
        await metrics.DisposeAsync();
        await using (metrics = await archive.OpenMetricsAsync(run.Run, 1)) metrics.Append("""{"iteration":2,"again":true}""");
        Assert.Equal(["""{"iteration":1}""", """{"iteration":2,"again":true}"""], await archive.ReadMetricsAsync(run.Run));
        await archive.WriteSummaryAsync(run.Run, "{}");
    }

    [Fact]
    public async Task An_account_that_is_gone_is_unavailable()
    {
        await using var server = await AzuriteServer.StartAsync();
        var runs = Open(server.ConnectionString);
        var run = await new BlobRunArchive(runs, TimeProvider.System).CreateAsync(_request);
        await server.KillAsync();
        await AssertUnavailableAsync(() => new BlobCheckpointStore(runs).WriteAsync(run.Run, _ticket, "learner.bin", new byte[] { 1 }, default));
        await AssertUnavailableAsync(() => new BlobRunArchive(runs, TimeProvider.System).OpenAsync(run.Run));
    }

    [Fact]
    public async Task A_wrong_key_is_one_line_without_the_key()
    {
        const string Wrong = "aHVudGVyMg==";
        await using var server = await AzuriteServer.StartAsync();
        var parts = server.ConnectionString.Split(';').Select(part => part.StartsWith("AccountKey=", StringComparison.Ordinal) ? $"AccountKey={Wrong}" : part);
        var runs = Open(string.Join(';', parts));
        foreach (var refused in new Func<Task>[]
        {
            () => new BlobRunArchive(runs, TimeProvider.System).CreateAsync(_request),
            () => new BlobCheckpointStore(runs).WriteAsync("r", _ticket, "learner.bin", new byte[] { 1 }, default),
        })
        {
            var error = await Assert.ThrowsAsync<IOException>(refused);
            Assert.DoesNotContain('\n', error.Message);
            Assert.DoesNotContain(Wrong, error.Message, StringComparison.Ordinal);
            Assert.Contains("check the storage account and Madrl:Azure:ConnectionString", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_account_without_the_container_has_no_runs()
    {
        await using var server = await AzuriteServer.StartAsync();
        var runs = Open(server.ConnectionString);
        Assert.Empty(await new BlobRunArchive(runs, TimeProvider.System).ListAsync());
        await new BlobCheckpointStore(runs).RetainAsync("r", [], _ticket, default);
        var error = await Assert.ThrowsAsync<IOException>(() => new BlobCheckpointStore(runs).WriteAsync("r", _ticket, "learner.bin", new byte[] { 1 }, default));
        Assert.Contains("(404 ContainerNotFound)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Tries once: how often the product does is the setting of its client.</summary>
    private static RunContainer Open(string connectionString)
    {
        var options = new BlobClientOptions();
        (options.Retry.MaxRetries, options.Retry.NetworkTimeout) = (0, TimeSpan.FromSeconds(10));
        return new RunContainer(new BlobServiceClient(connectionString, options));
    }

    private static async Task AssertUnavailableAsync(Func<Task> operation)
    {
        var error = await Assert.ThrowsAsync<StorageUnavailableException>(operation);
        Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
    }
}
