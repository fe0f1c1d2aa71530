using Madrl.Grains.Placement;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;

namespace Madrl.Cluster.Tests;

/// <summary>
/// Silos in this process that declare roles and accelerators. They are named Silo_0, Silo_1 … and keep their names when they
/// start again. Unlike in test clusters by default, each has to hear from a new silo which grains it can host.
/// </summary>
/// <param name="first">What the first silos declare.</param>
/// <param name="clock">What placements wait by; the real one if null. All the rest of a silo runs by the real one.</param>
public sealed class DeclaringSilos(SiloResources[] first, Clock? clock = null) : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("madrl-declaring-").FullName;
    private readonly List<SiloResources> _declared = [.. first];
    private readonly List<InProcessSiloHandle> _silos = [];
    private RunDirectory _runs = null!;
    private InProcessTestCluster _cluster = null!;

    /// <summary>The silos of which it is known what they declare; all if null.</summary>
    public IReadOnlyCollection<SiloAddress>? Known { get; set; }

    public InProcessTestCluster Cluster => _cluster;

    public static SiloResources Agents => new([SiloResources.Agents], []);

    public static SiloResources Learners(params string[] accelerators) => new([SiloResources.Learners], accelerators);

    public IGrainFactory From(int silo) => Services(silo).GetRequiredService<IGrainFactory>();

    public IServiceProvider Services(int silo) => _silos[silo].SiloHost.Services;

    public SiloAddress Address(int silo) => _silos[silo].SiloAddress;

    /// <summary>Number of the silo with an address.</summary>
    public int NumberOf(SiloAddress address) => _silos.FindIndex(silo => silo.SiloAddress.Equals(address));

    public async Task StartAsync()
    {
        _runs = new RunDirectory(Path.Combine(_directory, "runs"));
        var builder = new InProcessTestClusterBuilder((short)_declared.Count);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.AssumeHomogenousSilosForTesting = false;
        builder.ConfigureSilo((options, silo) => Configure(silo, _declared[int.Parse(options.SiloName.Split('_')[1])]));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        _silos.AddRange(_cluster.Silos.OrderBy(silo => silo.Name, StringComparer.Ordinal));
        await SettleAsync();
    }

    /// <summary>Starts one more silo, which all know when this returns.</summary>
    /// <returns>Its number.</returns>
    public async Task<int> JoinAsync(SiloResources declared)
    {
        _declared.Add(declared);
        _silos.Add(await _cluster.StartAdditionalSiloAsync());
        await SettleAsync();
        return _silos.Count - 1;
    }

    /// <summary>Kills a silo; all know it when this returns.</summary>
    public async Task KillAsync(int silo)
    {
        await _cluster.KillSiloAsync(_silos[silo]);
        await SettleAsync();
    }

    /// <summary>Starts a silo again that was killed: under its old name and number, at another address.</summary>
    public async Task StartAgainAsync(int silo)
    {
        _silos[silo] = (await _cluster.RestartSiloAsync(_silos[silo]))!;
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        _runs.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Configure(ISiloBuilder silo, SiloResources declared)
    {
        silo.UseSiloMetadata(new Dictionary<string, string>
        {
            [SiloResources.RolesKey] = string.Join(',', declared.Roles),
            [SiloResources.AcceleratorsKey] = string.Join(',', declared.Accelerators),
        });
        var cache = silo.Services.Last(service => service.ServiceType == typeof(ISiloMetadataCache)).ImplementationFactory!;
        silo.Services.AddSingleton<ISiloMetadataCache>(services => new LateMetadata((ISiloMetadataCache)cache(services), this));
        silo.AddMadrl(_runs);
        if (clock is null) return;
        silo.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
        silo.Services.AddSingleton<TimeProvider>(clock);
    }

    /// <summary>
    /// Waits until every silo knows which others there are, which grains they can host and what they declare: these come by real
    /// time, so that a clock moved by the test could use up all attempts of a placement before they are there.
    /// </summary>
    private async Task SettleAsync()
    {
        var giveUp = Task.Run(() => new TaskCompletionSource().Task.WaitAsync(Limits.Hang));
        var alive = _cluster.Silos.Select(silo => silo.SiloAddress).ToHashSet();
        while (!_cluster.Silos.All(silo => Knows(silo.SiloHost.Services, alive)))
        {
            if (giveUp.IsCompleted) throw new HangException("all silos know each other");
            await Task.Yield();
        }
    }

    private static bool Knows(IServiceProvider silo, HashSet<SiloAddress> alive) =>
        alive.SetEquals(silo.GetRequiredService<ISiloStatusOracle>().GetActiveSilos())
        && alive.SetEquals(silo.GetRequiredService<IClusterManifestProvider>().Current.Silos.Keys)
        && alive.All(((LateMetadata)silo.GetRequiredService<ISiloMetadataCache>()).HasHeardFrom);

    /// <summary>Knows nothing of silos that are not among <see cref="Known"/>, as of those that have not answered yet.</summary>
    private sealed class LateMetadata(ISiloMetadataCache cache, DeclaringSilos silos) : ISiloMetadataCache
    {
        public SiloMetadata GetSiloMetadata(SiloAddress siloAddress) =>
            silos.Known is not { } known || known.Contains(siloAddress) ? cache.GetSiloMetadata(siloAddress) : SiloMetadata.Empty;

        public bool HasHeardFrom(SiloAddress silo) => !ReferenceEquals(cache.GetSiloMetadata(silo), SiloMetadata.Empty);
    }
}
