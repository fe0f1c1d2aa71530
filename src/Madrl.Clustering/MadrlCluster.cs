using Madrl.Client;
using Madrl.Clustering.Azure;
using Madrl.Grains;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Timers;

namespace Madrl.Clustering;

/// <summary>Makes a silo part of a cluster.</summary>
public static class MadrlCluster
{
    /// <summary>Name of the provider of streams.</summary>
    public const string Streams = "madrl";

    private const int StreamQueues = 4;

    /// <summary>
    /// Adds clustering, grain storage, checkpoints, reminders and streams as the settings choose them. Comes after
    /// <see cref="MadrlSilo.AddMadrl"/>, whose grain storage and files in the runs' folders it replaces where others are chosen.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="settings">The settings; their servers are prepared.</param>
    /// <param name="runs">Full path of the folder of runs.</param>
    public static ISiloBuilder UseMadrlCluster(this ISiloBuilder silo, ClusterSettings settings, string runs)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(settings);
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Silo.Name);
        silo.UseSiloMetadata(settings.Silo.Metadata);
        UseClustering(silo, settings);
        if (settings.Storage != StorageProvider.Sqlite)
            AddStorage(silo, settings, ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, new JsonGrainStorageSerializer());
        if (settings.Checkpoints == CheckpointProvider.AzureBlob) UseBlobs(silo, settings.Azure!);
        UseReminders(silo, settings, runs);
        AddStreams(silo, settings);
        return silo;
    }

    private static void UseClustering(ISiloBuilder silo, ClusterSettings settings)
    {
        if (settings.Clustering == ClusteringProvider.Localhost)
        {
            silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, serviceId: MadrlGateway.ServiceId, clusterId: settings.ClusterId);
            return;
        }

        silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (MadrlGateway.ServiceId, settings.ClusterId));
        silo.Configure<EndpointOptions>(options =>
            (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) = (settings.Address, settings.SiloPort, settings.GatewayPort));
        silo.Configure<ClusterMembershipOptions>(FindLossesSoon);
        switch (settings.Clustering)
        {
            case ClusteringProvider.Redis:
                silo.UseRedisClustering(options => options.ConfigurationOptions = settings.Redis!.Options);
                break;
            case ClusteringProvider.AdoNet:
                silo.UseAdoNetClustering(options =>
                    (options.Invariant, options.ConnectionString) = (PostgresConnection.Invariant, settings.AdoNet!.ConnectionString));
                break;
            default:
                silo.UseAzureStorageClustering(options => options.TableServiceClient = settings.Azure!.Tables);
                break;
        }
    }

    /// <summary>A run goes on within 90 s of a silo's death, so the others must know of it within a few seconds.</summary>
    private static void FindLossesSoon(ClusterMembershipOptions options)
    {
        // A probe every 2 s, and a silo that misses three is voted out after 6 s. Orleans adapts the time to how fast the answers
        // come: up to 8 s, but not below 2 s, since a silo that learns on all cores may be silent for a second or two.
        options.ProbeTimeout = options.MinProbeTimeout = TimeSpan.FromSeconds(2);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(8);
        options.NumMissedProbesLimit = 3;

        // Silos tell each other of changes; the table is for those that were not told, such as after a split.
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);

        // When several silos die at once, the votes of the dead are missing until their rows are stale: 15 s in place of 90.
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);

        // Every start of a silo adds a row to the table. A dead one is of no use once all silos have seen it.
        options.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        options.DefunctSiloExpiration = TimeSpan.FromHours(1);
    }

    private static void AddStorage(ISiloBuilder silo, ClusterSettings settings, string name, Orleans.Storage.IGrainStorageSerializer? serializer)
    {
        // A state that was cleared keeps its row and so its version, as in SQLite: whoever held it before is still found out.
        switch (settings.Storage)
        {
            case StorageProvider.Redis:
                silo.AddRedisGrainStorage(name, options =>
                    (options.ConfigurationOptions, options.GrainStorageSerializer, options.DeleteStateOnClear) = (settings.Redis!.Options, serializer!, false));
                break;
            case StorageProvider.AdoNet:
                silo.AddAdoNetGrainStorage(name, options =>
                {
                    (options.Invariant, options.ConnectionString) = (PostgresConnection.Invariant, settings.AdoNet!.ConnectionString);
                    (options.GrainStorageSerializer, options.DeleteStateOnClear) = (serializer!, false);
                });
                break;
            case StorageProvider.AzureBlob:
                silo.AddAzureBlobGrainStorage(name, options =>
                    (options.BlobServiceClient, options.GrainStorageSerializer, options.DeleteStateOnClear) = (settings.Azure!.Blobs, serializer!, false));
                break;
            default:
                silo.AddAzureTableGrainStorage(name, options =>
                    (options.TableServiceClient, options.GrainStorageSerializer, options.DeleteStateOnClear) = (settings.Azure!.Tables, serializer!, false));
                break;
        }
    }

    /// <summary>Checkpoints and the other files of runs lie in blobs; the folder of runs stays empty.</summary>
    private static void UseBlobs(ISiloBuilder silo, AzureConnection azure)
    {
        var runs = new RunContainer(azure.Blobs);
        silo.Services.Replace(ServiceDescriptor.Singleton<ICheckpointStore>(new BlobCheckpointStore(runs)));
        silo.Services.Replace(ServiceDescriptor.Singleton<IRunArchive>(services => new BlobRunArchive(runs, services.GetRequiredService<TimeProvider>())));
    }

    private static void UseReminders(ISiloBuilder silo, ClusterSettings settings, string runs)
    {
        // A silo on its own looks after its runs when it starts.
        if (settings.Clustering != ClusteringProvider.Localhost)
            silo.Services.AddSingleton(services => new RunReminders(services.GetRequiredService<IReminderRegistry>()));
        silo.Configure<ReminderOptions>(options =>
        {
            // A run's reminder resumes it after a loss; a minute, the default, would be most of the 90 s that it has.
            options.MinimumReminderPeriod = TimeSpan.FromSeconds(10);

            // A silo that loses another one reads at once what it has inherited; this finds what was set amid such a change.
            options.RefreshReminderListPeriod = TimeSpan.FromSeconds(30);
        });
        switch (settings.Reminders)
        {
            case ReminderProvider.Sqlite:
                silo.UseSqliteReminders(Path.Combine(runs, "reminders.db"));
                break;
            case ReminderProvider.Redis:
                silo.UseRedisReminderService(options => options.ConfigurationOptions = settings.Redis!.Options);
                break;
            case ReminderProvider.AdoNet:
                silo.UseAdoNetReminderService(options =>
                    (options.Invariant, options.ConnectionString) = (PostgresConnection.Invariant, settings.AdoNet!.ConnectionString));
                break;
            default:
                silo.UseAzureTableReminderService(options => options.TableServiceClient = settings.Azure!.Tables);
                break;
        }
    }

    /// <summary>Streams, and in PubSubStore who subscribes to them: durable where the streams are.</summary>
    private static void AddStreams(ISiloBuilder silo, ClusterSettings settings)
    {
        const string Subscriptions = ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME;
        if (settings.Streams == StreamingProvider.Memory) silo.AddMemoryGrainStorage(Subscriptions);

        // In Orleans' own format: what a subscription is, only Orleans knows.
        else AddStorage(silo, settings, Subscriptions, serializer: null);
        switch (settings.Streams)
        {
            case StreamingProvider.Memory:
                silo.AddMemoryStreams(Streams, streams => streams.ConfigurePartitioning(StreamQueues));
                break;
            case StreamingProvider.AdoNet:
                silo.AddAdoNetStreams(Streams, streams =>
                {
                    streams.ConfigureAdoNet(options => options.Configure(adoNet =>
                        (adoNet.Invariant, adoNet.ConnectionString) = (PostgresConnection.Invariant, settings.AdoNet!.ConnectionString)));
                    streams.ConfigurePartitioning(StreamQueues);
                });
                break;
            default:
                silo.AddAzureQueueStreams(Streams, streams => streams.ConfigureAzureQueue(options => options.Configure(queue =>
                {
                    queue.QueueServiceClient = settings.Azure!.Queues;
                    queue.QueueNames = [.. Enumerable.Range(0, StreamQueues).Select(number => $"{settings.ClusterId}-streams-{number}")];
                })));
                break;
        }
    }
}
