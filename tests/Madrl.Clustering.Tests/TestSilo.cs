using Madrl.Clustering.Tests.Servers;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Storage;

namespace Madrl.Clustering.Tests;

/// <summary>A silo in this process, set up as the silo program sets up its own.</summary>
internal sealed class TestSilo : IAsyncDisposable, IDisposable
{
    private readonly RunDirectory _runs = new(Path.Combine(Path.GetTempPath(), $"madrl-runs-{Path.GetRandomFileName()}"));
    private readonly IHost _host;

    private TestSilo(ClusterSettings settings, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, PassiveLifetime>());
        builder.Services.AddSingleton<Received>();
        builder.UseOrleans(silo =>
        {
            silo.AddMadrl(_runs);
            silo.UseMadrlCluster(settings, _runs.Path);
            services?.Invoke(silo.Services);
        });
        _host = builder.Build();
    }

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public IGrainStorage Storage => Services.GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);

    public ISiloMetadataCache Metadata => Services.GetRequiredService<ISiloMetadataCache>();

    public ILocalSiloDetails Details => Services.GetRequiredService<ILocalSiloDetails>();

    public Received Received => Services.GetRequiredService<Received>();

    /// <summary>Settings as a configuration gives them, with free ports where none are named.</summary>
    public static ClusterSettings Settings(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var ports = new Dictionary<string, string?>
        {
            ["Madrl:SiloPort"] = $"{Ports.Free()}",
            ["Madrl:GatewayPort"] = $"{Ports.Free()}",
        };
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(ports).AddInMemoryCollection(settings).Build());
        var read = ClusterSettings.Read(reader);
        reader.CheckUnknown();
        return read;
    }

    /// <summary>A silo that is not started.</summary>
    public static TestSilo Build(ClusterSettings settings) => new(settings);

    /// <param name="settings">The settings.</param>
    /// <param name="services">Replaces services.</param>
    public static async Task<TestSilo> StartAsync(ClusterSettings settings, Action<IServiceCollection>? services = null)
    {
        await settings.PrepareServersAsync();
        var silo = new TestSilo(settings, services);
        await silo._host.StartAsync();
        return silo;
    }

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Ends it without saying goodbye to anybody.</summary>
    public async Task KillAsync()
    {
        try
        {
            await _host.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // As it should be.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Dispose();
    }

    public void Dispose()
    {
        _host.Dispose();
        _runs.Dispose();
    }
}
