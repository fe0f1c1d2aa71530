using System.Runtime.CompilerServices;
using Madrl.Cluster.Tests;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

[assembly: AssemblyFixture(typeof(TwoSilos))]

namespace Madrl.Cluster.Tests;

/// <summary>
/// Two silos in this process, set up as the product sets up its own (<see cref="MadrlSilo.AddMadrl"/>), with one
/// state.db between them for the probes, and a client. Messages between silos and with the client are serialized as on a network.
/// </summary>
public class TwoSilos : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("madrl-cluster-").FullName;

    private RunDirectory _runs = null!;

    public Stage Stage { get; } = new();

    public FilterLog Filters { get; } = new();

    public InProcessTestCluster Cluster { get; private set; } = null!;

    public IClusterClient Client => Cluster.Client;

    /// <summary>The silos in the order in which <see cref="PlaceByKeyAttribute"/> counts them.</summary>
    public InProcessSiloHandle[] Silos { get; private set; } = [];

    /// <summary>Makes calls that start in a silo, outside any grain.</summary>
    public IGrainFactory From(int silo) => Services(silo).GetRequiredService<IGrainFactory>();

    public IServiceProvider Services(int silo) => Silos[silo].SiloHost.Services;

    public SiloAddress Address(int silo) => Silos[silo].SiloAddress;

    public async ValueTask InitializeAsync()
    {
        _runs = new RunDirectory(Path.Combine(_directory, "runs"));
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;

        // By default a test cluster has one directory object for all silos; the product has Orleans' own.
        KeepOrleansDirectory(builder.Options, false);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMadrl(_runs);
            silo.AddSqliteGrainStorageAsDefault(Path.Combine(_directory, "state.db"));
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(StreamTests.OneQueue, streams => streams.ConfigurePartitioning(1));
            silo.AddMemoryStreams(StreamTests.FourQueues, streams => streams.ConfigurePartitioning(4));
            silo.Services.AddSingleton(Stage);
            silo.Services.AddPlacementDirector<PlaceByKey, PlaceByKeyDirector>();
            silo.AddIncomingGrainCallFilter(Filters);
            Configure(silo);
        });
        builder.ConfigureClient(client =>
        {
            client.Services.AddMadrlExceptions();
            client.AddMemoryStreams(StreamTests.OneQueue, streams => streams.ConfigurePartitioning(1));
            client.AddOutgoingGrainCallFilter(Filters);
        });
        Cluster = builder.Build();
        await Cluster.DeployAsync();
        Silos = [.. Cluster.Silos.OrderBy(silo => silo.SiloAddress)];
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.StopAllSilosAsync();
        await Cluster.DisposeAsync();
        _runs.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Waits until so many requests wait for their turn at a grain: two calls that are not awaited may overtake each other on
    /// their way. Orleans' number of them is not public; it is asked again and again, without a sleep.
    /// </summary>
    public async Task QueuedAsync(IAddressable grain, int count)
    {
        var giveUp = Task.Run(() => new TaskCompletionSource().Task.WaitAsync(Limits.Hang));
        while (!Cluster.TryGetGrainContext(grain.GetGrainId(), out var context)
            || (int)context.GetType().GetProperty("WaitingCount")!.GetValue(context)! != count)
        {
            if (giveUp.IsCompleted) throw new HangException($"{count} requests wait at {grain.GetGrainId()}");
            await Task.Yield();
        }
    }

    protected virtual void Configure(ISiloBuilder silo)
    {
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_UseTestClusterGrainDirectory")]
    private static extern void KeepOrleansDirectory(InProcessTestClusterOptions options, bool shared);
}
