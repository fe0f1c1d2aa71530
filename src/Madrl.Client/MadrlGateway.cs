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

    /// <summary>Connects to a silo, or to whichever of a cluster's silos is alive.</summary>
    /// <param name="gateways">Addresses of gateways, such as 127.0.0.1:30000; at least one.</param>
    /// <param name="clusterId">The cluster, where its settings give it another name than ours.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SiloUnreachableException">No silo answers there, or only those of another cluster.</exception>
    public static async Task<MadrlGateway> ConnectAsync(
        IReadOnlyCollection<IPEndPoint> gateways, string clusterId = ClusterId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gateways);
        if (gateways.Count == 0) throw new ArgumentException("No gateway is given: name at least one.", nameof(gateways));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering([.. gateways]);
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, ServiceId));
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
            throw new SiloUnreachableException($"No silo{(clusterId == ClusterId ? "" : $" of the cluster '{clusterId}'")} answers at {string.Join(" or ", gateways)}: start one with 'dotnet run -c Release --project silo', or name another address.", error);
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
