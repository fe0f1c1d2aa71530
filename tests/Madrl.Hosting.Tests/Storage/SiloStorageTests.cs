using Madrl.Hosting.Storage;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Madrl.Hosting.Tests.Storage;

/// <summary>The storage behind Orleans, used by ordinary grains.</summary>
public sealed class SiloStorageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Database => folder.File("state.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task State_outlives_the_activation_and_the_silo()
    {
        await using (var cluster = await StartAsync())
        {
            var grain = cluster.Client.GetGrain<ICountingGrain>("a");
            Assert.Equal(1, await grain.CountAsync());
            Assert.Equal(2, await grain.CountAsync());
            await cluster.DeactivateAsync(grain);
            Assert.Equal(3, await grain.CountAsync());
            Assert.Equal(1, await cluster.Client.GetGrain<ICountingGrain>("b").CountAsync());
            await grain.ClearAsync();
            await cluster.DeactivateAsync(grain);
            Assert.Equal((1, 1), (await grain.CountAsync(), await grain.CountByDefaultAsync()));
        }

        await using var second = await StartAsync();
        var again = second.Client.GetGrain<ICountingGrain>("a");
        Assert.Equal((2, 2), (await again.CountAsync(), await again.CountByDefaultAsync()));
    }

    [Fact]
    public async Task A_grain_that_was_overtaken_is_refused_and_reads_again()
    {
        await using var cluster = await StartAsync();
        var grain = cluster.Client.GetGrain<ICountingGrain>("a");
        await grain.CountAsync();
        using (var behind = StorageFixture.Open(Database))
        {
            var state = await StorageFixture.ReadAsync<CountState>(behind, grain.GetGrainId());
            state.State!.Count = 41;
            await behind.WriteStateAsync("state", grain.GetGrainId(), state);
        }

        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.CountAsync());
        Assert.Equal(("2", "1"), (error.StoredEtag, error.CurrentEtag));
        // Orleans ends an activation that wrote inconsistently.
        await cluster.WaitForDeactivationAsync(grain);
        Assert.Equal(42, await grain.CountAsync());
    }

    [Fact]
    public async Task An_unusable_file_stops_the_start()
    {
        await (await StartAsync()).DisposeAsync();
        StorageFixture.Execute(Database, "PRAGMA user_version = 9");
        var error = await Assert.ThrowsAnyAsync<Exception>(StartAsync);
        Assert.Contains("this program reads schema 1", error.ToString(), StringComparison.Ordinal);
    }

    private async Task<InProcessTestCluster> StartAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo
            .AddSqliteGrainStorage("named", Database)
            .AddSqliteGrainStorageAsDefault(folder.File("default.db")));
        var cluster = builder.Build();
        try
        {
            await cluster.DeployAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }
}

public interface ICountingGrain : IGrainWithStringKey
{
    Task<int> CountAsync();

    Task<int> CountByDefaultAsync();

    Task ClearAsync();
}

public sealed class CountState
{
    public int Count { get; set; }
}

public sealed class CountingGrain(
    [PersistentState("state", "named")] IPersistentState<CountState> named,
    [PersistentState("state")] IPersistentState<CountState> byDefault) : Grain, ICountingGrain
{
    public Task<int> CountAsync() => CountAsync(named);

    public Task<int> CountByDefaultAsync() => CountAsync(byDefault);

    public Task ClearAsync() => named.ClearStateAsync();

    private static async Task<int> CountAsync(IPersistentState<CountState> state)
    {
        state.State.Count++;
        await state.WriteStateAsync();
        return state.State.Count;
    }
}
