using Madrl.Clustering.Tests.Servers;
using StackExchange.Redis;

namespace Madrl.Clustering.Tests;

/// <summary>Two silos on a Redis server, for clustering, grain state and reminders; streams in memory.</summary>
public sealed class RedisTests : IAsyncLifetime
{
    private RedisServer _server = null!;

    private Dictionary<string, string?> Settings => new()
    {
        ["Madrl:Cluster:Clustering"] = "Redis", ["Madrl:Cluster:Storage"] = "Redis", ["Madrl:Cluster:Reminders"] = "Redis",
        ["Madrl:Redis:ConnectionString"] = _server.ConnectionString,
    };

    public async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public Task Silos_see_each_other() => ClusterSuite.SeeEachOtherAsync(Settings);

    [Fact]
    public async Task Silos_share_state_which_is_the_JSON_of_our_own()
    {
        await ClusterSuite.ShareStateAsync(Settings);
        await using var silo = await TestSilo.StartAsync(TestSilo.Settings(Settings));
        var state = new GrainState<ProbeState>(new ProbeState { Count = 7 });
        await silo.Storage.WriteStateAsync("state", Orleans.Runtime.GrainId.Create("probe", "run/raw"), state);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_server.ConnectionString);
        Assert.Equal("""{"Count":7,"Value":"NaN"}""", await redis.GetDatabase().HashGetAsync("madrl/state/probe/run/raw/state", "data"));
    }

    [Fact]
    public Task A_reminder_outlives_its_silo() => ClusterSuite.RemindAsync(Settings);

    [Fact]
    public Task Streams_in_memory_go_between_silos() => ClusterSuite.StreamAsync(Settings);

    [Fact]
    public async Task Two_deployments_on_one_server_do_not_see_each_other()
    {
        await using var first = await TestSilo.StartAsync(TestSilo.Settings(Settings));
        await using var second = await TestSilo.StartAsync(TestSilo.Settings([.. Settings, new("Madrl:Cluster:ClusterId", "other")]));
        Assert.Single(await first.Grains.GetGrain<Orleans.Runtime.IManagementGrain>(0).GetHosts(onlyActive: true));
        Assert.Single(await second.Grains.GetGrain<Orleans.Runtime.IManagementGrain>(0).GetHosts(onlyActive: true));
    }
}
