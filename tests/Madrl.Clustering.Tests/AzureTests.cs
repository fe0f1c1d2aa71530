using Madrl.Clustering.Tests.Servers;

namespace Madrl.Clustering.Tests;

/// <summary>Two silos on Azure Storage, as Azurite emulates it.</summary>
public sealed class AzureTests : IAsyncLifetime
{
    private AzuriteServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public Task Silos_see_each_other() => ClusterSuite.SeeEachOtherAsync(Settings("AzureTable"));

    [Theory]
    [InlineData("AzureTable")]
    [InlineData("AzureBlob")]
    public Task Silos_share_state(string storage) => ClusterSuite.ShareStateAsync(Settings(storage));

    [Fact]
    public Task A_reminder_outlives_its_silo() => ClusterSuite.RemindAsync(Settings("AzureTable"));

    [Theory]
    [InlineData("AzureTable")]
    [InlineData("AzureBlob")]
    public Task Streams_over_queues_go_between_silos(string storage) => ClusterSuite.StreamAsync(Settings(storage));

    private Dictionary<string, string?> Settings(string storage) => new()
    {
        ["Madrl:Cluster:Clustering"] = "AzureTable", ["Madrl:Cluster:Storage"] = storage, ["Madrl:Cluster:Reminders"] = "AzureTable",
        ["Madrl:Cluster:Streams"] = "AzureQueue", ["Madrl:Azure:ConnectionString"] = _server.ConnectionString,
    };
}
