using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService;

namespace Madrl.Clustering.Tests.Postgres;

public class PostgresMembershipTests(Databases databases)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_find_each_other_and_one_that_is_lost_is_declared_dead_and_its_row_removed()
    {
        var database = await databases.CreateAsync();
        await PostgresSchema.EnsureAsync(database);
        await using var first = await PostgresSilo.StartAsync(database, new Sightings());
        var second = await PostgresSilo.StartAsync(database, new Sightings());
        await Eventually.IsAsync("both are seen by both", async () =>
            (await ActiveAsync(first)).Length == 2 && (await ActiveAsync(second)).Length == 2);

        await second.KillAsync();
        Assert.Equal((int)SiloStatus.Active, await StatusAsync(database, second));
        await Eventually.IsAsync("the lost one is dead", async () => await StatusAsync(database, second) is null or (int)SiloStatus.Dead);
        await Eventually.IsAsync("its row is gone", async () => await StatusAsync(database, second) is null);
        Assert.Equal([first.Address], await ActiveAsync(first));

        // A silo that comes anew joins beside it.
        await using var third = await PostgresSilo.StartAsync(database, new Sightings());
        await Eventually.IsAsync("the new one is seen", async () => (await ActiveAsync(first)).Contains(third.Address));
    }

    [Fact]
    public async Task Four_silos_that_start_at_once_all_join_and_a_client_finds_them()
    {
        var database = await databases.CreateAsync();
        var silos = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await PostgresSchema.EnsureAsync(database);
            return await PostgresSilo.StartAsync(database, new Sightings());
        })));
        await Eventually.IsAsync("four are active", async () => (await ActiveAsync(silos[0])).Length == 4);

        // One raise for joining and one for becoming active, each.
        var version = await database.ScalarAsync<int>("SELECT Version FROM OrleansCluster WHERE DeploymentId = 'cluster'");
        Assert.True(version >= 8, $"Version {version}");

        // A client knows the database alone.
        var client = Host.CreateEmptyApplicationBuilder(null);
        client.UseOrleansClient(orleans => orleans
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("cluster", "service"))
            .UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = ("Npgsql", database)));
        using (var host = client.Build())
        {
            await host.StartAsync(Stop);
            Assert.Equal(4, (await host.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0).GetHosts()).Count);
            await host.StopAsync(Stop);
        }

        await Task.WhenAll(silos.Select(silo => silo.StopAsync()));
        Assert.Equal(4, await database.ScalarAsync<long>($"SELECT count(*) FROM OrleansSilo WHERE Status = {(int)SiloStatus.Dead}"));
    }

    [Fact]
    public async Task Of_two_changes_to_one_version_one_is_made()
    {
        var database = await databases.CreateAsync();
        var table = await TableAsync(database);
        for (var round = 0; round < 100; round++)
        {
            var version = (await table.ReadAllAsync(Stop)).Version.Next();
            var entries = Enumerable.Range(0, 2).Select(number => Entry(round, number)).ToArray();
            var joined = await Task.WhenAll(entries.Select(entry => Task.Run(() => table.InsertRowAsync(entry, version, Stop))));
            Assert.Single(joined, true);

            var (winner, loser) = joined[0] ? (entries[0], entries[1]) : (entries[1], entries[0]);
            var (etag, next) = await TokensAsync(table, winner);
            var changed = await Task.WhenAll(new[] { SiloStatus.Active, SiloStatus.Dead }.Select(status => Task.Run(() =>
                table.UpdateRowAsync(Entry(winner, status), etag, next, Stop))));
            Assert.Single(changed, true);
            (etag, next) = await TokensAsync(table, winner);
            Assert.False(await table.UpdateRowAsync(loser, etag, next, Stop));
            Assert.False(await table.InsertRowAsync(winner, next, Stop));

            var read = await table.ReadRowAsync(winner.SiloAddress, Stop);
            Assert.Equal(2 * (round + 1), read.Version.Version);
            Assert.Equal(changed[0] ? SiloStatus.Active : SiloStatus.Dead, Assert.Single(read.Members).Item1.Status);
        }
    }

    [Fact]
    public async Task A_row_comes_back_as_it_was_written_and_only_old_and_dead_ones_are_cleaned_up()
    {
        var database = await databases.CreateAsync();
        var table = await TableAsync(database);
        var (kept, dead) = (Entry(1, 0), Entry(2, 0));
        foreach (var entry in new[] { kept, dead }) await table.InsertRowAsync(entry, (await table.ReadAllAsync(Stop)).Version.Next(), Stop);
        dead = Entry(dead, SiloStatus.Dead);
        dead.SuspectTimes = [Tuple.Create(kept.SiloAddress, DateTime.UnixEpoch), Tuple.Create(dead.SiloAddress, DateTime.UnixEpoch)];
        var (etag, next) = await TokensAsync(table, dead);
        Assert.True(await table.UpdateRowAsync(dead, etag, next, Stop));
        kept.IAmAliveTime = kept.IAmAliveTime.AddHours(1);
        await table.UpdateIAmAliveAsync(kept, Stop);
        kept = Entry(kept, SiloStatus.Active);
        (etag, next) = await TokensAsync(table, kept);
        Assert.True(await table.UpdateRowAsync(kept, etag, next, Stop));

        var members = (await table.ReadAllAsync(Stop)).Members.Select(member => member.Item1).ToDictionary(member => member.SiloAddress);
        Assert.Equal($"{dead:f}", $"{members[dead.SiloAddress]:f}");
        Assert.Equal(dead.SuspectTimes, members[dead.SiloAddress].SuspectTimes);
        Assert.Equal((kept.StartTime, kept.StartTime.AddHours(1)), (members[kept.SiloAddress].StartTime, members[kept.SiloAddress].IAmAliveTime));

        await table.CleanupDefunctSiloEntriesAsync(DateTime.UnixEpoch, Stop);
        Assert.Equal(2, (await table.ReadAllAsync(Stop)).Members.Count);
        await table.CleanupDefunctSiloEntriesAsync(DateTime.UnixEpoch.AddYears(1), Stop);
        Assert.Equal(kept.SiloAddress, Assert.Single((await table.ReadAllAsync(Stop)).Members).Item1.SiloAddress);
        await table.DeleteMembershipTableEntriesAsync("apart", Stop);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM OrleansCluster"));
    }

    /// <summary>The table of a cluster without silos.</summary>
    private static async Task<IMembershipTable> TableAsync(string database)
    {
        await PostgresSchema.EnsureAsync(database);
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = "apart", ServiceId = "service" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", ConnectionString = database }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(true, Stop);
        return table;
    }

    private static async Task<(string Etag, TableVersion Next)> TokensAsync(IMembershipTable table, MembershipEntry entry)
    {
        var read = await table.ReadRowAsync(entry.SiloAddress, Stop);
        return (Assert.Single(read.Members).Item2, read.Version.Next());
    }

    private static MembershipEntry Entry(int port, int generation) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, generation),
        SiloName = "probe",
        HostName = "localhost",
        Status = SiloStatus.Created,
        StartTime = DateTime.UnixEpoch.AddHours(port),
        IAmAliveTime = DateTime.UnixEpoch.AddHours(port),
    };

    private static MembershipEntry Entry(MembershipEntry old, SiloStatus status)
    {
        var entry = Entry(old.SiloAddress.Endpoint.Port, old.SiloAddress.Generation);
        entry.Status = status;
        return entry;
    }

    private static async Task<SiloAddress[]> ActiveAsync(PostgresSilo silo) =>
        [.. (await silo.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys];

    private static async Task<int?> StatusAsync(string database, PostgresSilo silo)
    {
        var status = await database.ScalarAsync<int>(
            $"SELECT coalesce((SELECT Status FROM OrleansSilo WHERE Port = {silo.Address.Endpoint.Port}), -1)");
        return status < 0 ? null : status;
    }
}
