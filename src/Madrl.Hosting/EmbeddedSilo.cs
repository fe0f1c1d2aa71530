using System.Net;
using System.Net.Sockets;
using Madrl.Client;
using Madrl.Grains.Placement;
using Madrl.Hosting.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Madrl.Hosting;

/// <summary>A silo inside the caller's process: localhost clustering on free ports, so that several can live side by side.</summary>
public sealed class EmbeddedSilo : IAsyncDisposable
{
    /// <summary>Starts that may fail because another process took a port between our looking and binding.</summary>
    private const int MaxStarts = 5;

    private readonly IHost _host;

    private EmbeddedSilo(IHost host, IPEndPoint gateway) => (_host, Gateway) = (host, gateway);

    /// <summary>Where other processes of this machine reach it.</summary>
    public IPEndPoint Gateway { get; }

    /// <summary>The client inside the silo.</summary>
    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Starts a silo.</summary>
    /// <param name="runs">The runs that it works on; the caller keeps them, and disposes them after the silo.</param>
    /// <param name="configure">Further services; for tests.</param>
    /// <param name="accelerator">What its learners compute on, such as <c>cuda:0</c>; null for the processor.</param>
    public static async Task<EmbeddedSilo> StartAsync(RunDirectory runs, Action<ISiloBuilder>? configure = null, string? accelerator = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (siloPort, gatewayPort) = FreePorts();
            var host = Build(runs, siloPort, gatewayPort, configure, accelerator);
            try
            {
                await host.StartAsync();
                return new EmbeddedSilo(host, new IPEndPoint(IPAddress.Loopback, gatewayPort));
            }
            catch (Exception error)
            {
                host.Dispose();
                if (attempt < MaxStarts && error.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }) continue;
                throw;
            }
        }
    }

    /// <summary>Stops the silo gracefully: grains are deactivated first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static IHost Build(RunDirectory runs, int siloPort, int gatewayPort, Action<ISiloBuilder>? configure, string? accelerator)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });

        // The console handles Ctrl-C itself: the run is saved before the silo stops.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, PassiveLifetime>());
        builder.Services.AddMadrlTelemetry();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: MadrlGateway.ServiceId, clusterId: MadrlGateway.ClusterId);
            silo.AddMadrl(runs);
            if (accelerator is not null)
                silo.UseSiloMetadata(new Dictionary<string, string> { [SiloResources.AcceleratorsKey] = accelerator });

            // One trace from the run to its environments and learner; it costs every call, so only where somebody listens.
            if (Telemetry.IsConfigured) silo.AddActivityPropagation();
            configure?.Invoke(silo);
        });
        return builder.Build();
    }

    private static (int Silo, int Gateway) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}
