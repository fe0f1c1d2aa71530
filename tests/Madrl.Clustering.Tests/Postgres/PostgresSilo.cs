using System.Collections.Concurrent;
using System.Net;
using Madrl.Clustering.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace Madrl.Clustering.Tests.Postgres;

/// <summary>What grains have seen, by topic; grains and tests share the process.</summary>
public sealed class Sightings
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _seen = new();

    public void Add(string topic, string what) => _seen.GetOrAdd(topic, _ => new()).Enqueue(what);

    public string[] Of(string topic) => [.. _seen.GetValueOrDefault(topic) ?? []];
}

/// <summary>
/// A silo that has membership, grain state, reminders and streams in one database, and comes to it as a user of its own, who may
/// read and write rows and nothing else.
/// </summary>
public sealed class PostgresSilo : IAsyncDisposable
{
    public const string Streams = "streams";

    private static int _users;

    private readonly string _database;
    private readonly string _user;
    private readonly IHost _host;

    private PostgresSilo(string database, string user, IHost host)
    {
        (_database, _user, _host) = (database, user, host);
        Address = Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
    }

    public SiloAddress Address { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>Makes calls that start in this silo, outside any grain.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public IGrainStorage Storage => Services.GetRequiredKeyedService<IGrainStorage>("Default");

    /// <param name="database">Of a user who may make users; it has the tables.</param>
    /// <param name="sightings">Given to the grains.</param>
    public static async Task<PostgresSilo> StartAsync(string database, Sightings sightings)
    {
        var user = $"silo{Interlocked.Increment(ref _users)}";

        // The lock, because PostgreSQL refuses to change one table's rights twice at once.
        await database.ExecuteAsync($"""
            SELECT pg_advisory_xact_lock(0);
            CREATE ROLE {user} LOGIN;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {user};
            """);
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.UseOrleans(silo => Configure(silo, database.For(user), sightings));
        var started = new PostgresSilo(database, user, host.Build());
        await started._host.StartAsync();
        return started;
    }

    /// <summary>
    /// Ends as a silo whose machine is lost: it waits for nothing and cannot say in the database that it goes, because its user
    /// is locked out first.
    /// </summary>
    public async Task KillAsync()
    {
        // How long it tries in vain to say so.
        Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value.MaxJoinAttemptTime = TimeSpan.FromSeconds(1);
        await _database.ExecuteAsync($"ALTER ROLE {_user} NOLOGIN");
        await _database.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{_user}'");
        await Record.ExceptionAsync(() => _host.StopAsync(new CancellationToken(canceled: true)));
        Leave();
    }

    /// <summary>Ends in good order.</summary>
    public async Task StopAsync()
    {
        await _host.StopAsync();
        Leave();
    }

    private void Leave()
    {
        _host.Dispose();

        // Npgsql would keep the connections for minutes, and the server has 200.
        using var connection = new NpgsqlConnection(_database.For(_user));
        NpgsqlConnection.ClearPool(connection);
    }

    public async ValueTask DisposeAsync() => await Record.ExceptionAsync(StopAsync);

    private static void Configure(ISiloBuilder silo, string database, Sightings sightings)
    {
        silo.Services.AddSingleton(sightings);
        silo.ConfigureEndpoints(IPAddress.Loopback, Ports.Free(), Ports.Free());
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("cluster", "service"));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(2);
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
            membership.DefunctSiloCleanupPeriod = TimeSpan.FromSeconds(2);
            membership.DefunctSiloExpiration = membership.DefunctSiloMinimumRetention = TimeSpan.FromSeconds(10);
        });
        silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = ("Npgsql", database));
        silo.AddAdoNetGrainStorageAsDefault(storage =>
        {
            (storage.Invariant, storage.ConnectionString) = ("Npgsql", database);
            storage.GrainStorageSerializer = new SystemTextJson();
        });
        silo.AddAdoNetGrainStorage("PubSubStore", storage => (storage.Invariant, storage.ConnectionString) = ("Npgsql", database));
        silo.UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.ConnectionString) = ("Npgsql", database));
        silo.Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
        silo.AddAdoNetStreams(Streams, streams =>
        {
            streams.ConfigureAdoNet(ado => ado.Configure(options =>
            {
                (options.Invariant, options.ConnectionString) = ("Npgsql", database);
                options.VisibilityTimeout = TimeSpan.FromSeconds(15);
                options.EvictionInterval = TimeSpan.FromSeconds(1);
            }));
            streams.ConfigurePullingAgent(agent => agent.Configure(options => options.MaxEventDeliveryTime = TimeSpan.FromSeconds(1)));
        });
    }

    private sealed class SystemTextJson : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => BinaryData.FromObjectAsJson(input);

        public T Deserialize<T>(BinaryData input) => input.ToObjectFromJson<T>()!;
    }
}
