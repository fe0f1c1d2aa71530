using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Madrl.Grains.Abstractions;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace Madrl.Client;

/// <summary>A connection to the gateway of a silo.</summary>
public sealed class MadrlGateway : IAsyncDisposable
{
    /// <summary>Cluster that a silo of this program belongs to unless it is set up otherwise.</summary>
    public const string ClusterId = "madrl", ServiceId = "madrl";

    private readonly IHost _host;

    private MadrlGateway(IHost host)
    {
        _host = host;
        Client = new MadrlClient(Grains, TimeProvider.System);
    }

    /// <summary>The Orleans client below, for grains of one's own.</summary>
    public IClusterClient Grains => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>The client.</summary>
    public IMadrlClient Client { get; }

    /// <summary>Connects.</summary>
    /// <param name="gateway">Address of the gateway, such as 127.0.0.1:30000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SiloUnreachableException">No silo answers there.</exception>
    public static async Task<MadrlGateway> ConnectAsync(IPEndPoint gateway, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(gateway);
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (ClusterId, ServiceId));
            // Whoever called wants to know at once that nobody is there; Orleans would go on trying.
            client.UseConnectionRetryFilter((_, _) => Task.FromResult(false));
            // A silo that comes back is found again soon.
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
            client.Services.AddMadrlExceptions();
        });
        var host = builder.Build();
        var connected = false;
        try
        {
            await host.StartAsync(cancellationToken);
            connected = true;
            return new MadrlGateway(host);
        }
        catch (Exception error) when (error is SiloUnavailableException or ConnectionFailedException or OrleansException)
        {
            throw new SiloUnreachableException($"No silo answers at {gateway}: start one with 'dotnet run -c Release --project silo', or name another address.", error);
        }
        finally
        {
            if (!connected) host.Dispose();
        }
    }

    /// <summary>Disconnects. What was started goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
