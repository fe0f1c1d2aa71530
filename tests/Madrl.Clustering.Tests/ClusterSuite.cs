using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;

namespace Madrl.Clustering.Tests;

/// <summary>What two silos must do together whatever servers they are set up with.</summary>
internal static class ClusterSuite
{
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromSeconds(10);

    /// <summary>Two silos see each other, and each what the other says of itself.</summary>
    public static async Task SeeEachOtherAsync(IReadOnlyDictionary<string, string?> settings)
    {
        await using var first = await StartAsync(settings, "one", "agents", "");
        await using var second = await StartAsync(settings, "two", "learners", "cuda:0,cuda:1");
        await Soon.IsAsync(async () => (await first.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count == 2);
        await Soon.IsAsync(async () => (await second.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count == 2);

        var address = second.Details.SiloAddress;
        await Soon.IsAsync(() => Task.FromResult(first.Metadata.GetSiloMetadata(address).Metadata.Count > 0));
        var metadata = first.Metadata.GetSiloMetadata(address).Metadata;
        Assert.Equal("learners", metadata["madrl.roles"]);
        Assert.Equal("cuda:0,cuda:1", metadata["madrl.accelerators"]);
        var hosts = await first.Grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: true);
        Assert.Equal(["one", "two"], hosts.Select(host => host.SiloName).Order());
    }

    /// <summary>What one silo writes, the other reads; the second to write upon the same version is refused, and changes nothing.</summary>
    public static async Task ShareStateAsync(IReadOnlyDictionary<string, string?> settings)
    {
        await using var first = await StartAsync(settings, "one");
        await using var second = await StartAsync(settings, "two");
        var grain = GrainId.Create("probe", "run/shared");
        var (here, there, stale) = (new GrainState<ProbeState>(), new GrainState<ProbeState>(), new GrainState<ProbeState>());
        await first.Storage.ReadStateAsync("state", grain, here);
        Assert.False(here.RecordExists);
        await second.Storage.ReadStateAsync("state", grain, stale);
        here.State = new ProbeState { Count = 1 };
        await first.Storage.WriteStateAsync("state", grain, here);

        await second.Storage.ReadStateAsync("state", grain, there);
        Assert.True(there.RecordExists);
        Assert.Equal((1, double.NaN), (there.State!.Count, there.State.Value));
        there.State.Count = 2;
        await second.Storage.WriteStateAsync("state", grain, there);

        here.State.Count = 3;
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => first.Storage.WriteStateAsync("state", grain, here));
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => second.Storage.WriteStateAsync("state", grain, stale));
        await first.Storage.ReadStateAsync("state", grain, here);
        Assert.Equal(2, here.State.Count);

        // Cleared by one, it is still found out that the other holds an old version.
        await first.Storage.ClearStateAsync("state", grain, here);
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => second.Storage.WriteStateAsync("state", grain, there));
        await second.Storage.ReadStateAsync("state", grain, there);
        Assert.Equal((false, 0), (there.RecordExists, there.State.Count));
    }

    /// <summary>A reminder every 10 s comes, and comes from the other silo when the one that it came from has stopped.</summary>
    public static async Task RemindAsync(IReadOnlyDictionary<string, string?> settings)
    {
        await using var first = await StartAsync(settings, "one");
        await using var second = await StartAsync(settings, "two");
        await first.Grains.GetGrain<IProbe>("run/reminded").Remind(ReminderPeriod);
        TestSilo[] silos = [first, second];
        await Soon.IsAsync(() => Task.FromResult(silos.Any(silo => silo.Received.Notes.Count > 0)));
        var (reminded, other) = first.Received.Notes.Count > 0 ? (first, second) : (second, first);
        await reminded.StopAsync();
        await Soon.IsAsync(() => Task.FromResult(other.Received.Notes.Contains("wake")));
    }

    /// <summary>What one silo puts on a stream comes to a subscriber on the other, once and in order.</summary>
    public static async Task StreamAsync(IReadOnlyDictionary<string, string?> settings)
    {
        await using var first = await StartAsync(settings, "one");
        await using var second = await StartAsync(settings, "two");
        var subscriber = first.Grains.GetGrain<IProbe>("run/subscriber");
        await subscriber.Subscribe();
        var (receiver, producer) = await subscriber.Silo() == "one" ? (first, second) : (second, first);
        var stream = producer.Services.GetRequiredKeyedService<IStreamProvider>(MadrlCluster.Streams)
            .GetStream<string>(StreamId.Create("probes", "run/subscriber"));
        string[] items = [.. Enumerable.Range(0, 20).Select(number => $"item {number}")];
        foreach (var item in items) await stream.OnNextAsync(item);
        await Soon.IsAsync(() => Task.FromResult(receiver.Received.Notes.Count >= items.Length));
        Assert.Equal(items, receiver.Received.Notes);
    }

    private static Task<TestSilo> StartAsync(
        IReadOnlyDictionary<string, string?> settings, string name, string roles = "agents,learners", string accelerators = "") =>
        TestSilo.StartAsync(TestSilo.Settings([
            .. settings, new("Madrl:Silo:Name", name), new("Madrl:Silo:Roles", roles), new("Madrl:Silo:Accelerators", accelerators),
        ]));
}
