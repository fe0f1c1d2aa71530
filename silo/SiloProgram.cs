using System.Net;
using Madrl.Client;
using Madrl.Clustering;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Http;
using Madrl.Learning.Native;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Madrl.Silo;

/// <summary>The silo: grains, gateway and HTTP in one process, from start to orderly end.</summary>
internal static class SiloProgram
{
    /// <summary>Time for the iterations under way to end and be saved.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromMinutes(15);

    /// <summary>Time for a silo that could not start as a whole to leave its cluster.</summary>
    private static readonly TimeSpan LeavingTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs until a signal ends it.</summary>
    /// <param name="commandLine">Settings from the command line.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IEnumerable<KeyValuePair<string, string?>> commandLine)
    {
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            builder.Configuration.AddInMemoryCollection(commandLine);
            var settings = SiloSettings.Read(builder.Configuration);
            foreach (var accelerator in settings.Cluster.Silo.Accelerators) TorchDevice.Find(accelerator);
            foreach (var assembly in settings.Assemblies) UserAssembly.Load(assembly);
            await settings.Cluster.PrepareServersAsync();
            using var runs = new RunDirectory(settings.Runs, shared: settings.Cluster.Clustering != ClusteringProvider.Localhost);
            await RunAsync(builder, settings, runs);
            return 0;
        }
        catch (Exception error) when (error is DeviceException or UserAssemblyException)
        {
            Console.Error.WriteLine($"madrl-silo: {error.Message}");
            return 2;
        }
        catch (Exception error) when (error is SettingsException or IOException)
        {
            Console.Error.WriteLine($"madrl-silo: {error.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    private static async Task RunAsync(WebApplicationBuilder builder, SiloSettings settings, RunDirectory runs)
    {
        using var interruption = new Interruption
        {
            Answer = "stopping: the runs in training are saved first; press Ctrl-C again to stop at once",
            Committed = "every run goes on from its last checkpoint when a silo starts again",
        };
        Configure(builder, settings, runs);
        await using var app = builder.Build();
        app.UseMadrlHttp();
        _ = app.Services.GetRequiredService<SiloTraffic>();
        await StartAsync(app);
        Greet(settings, runs, app.Services.GetRequiredService<SiloRuns>().Resumed);
        await interruption.Requested;
        await app.StopAsync();
        Console.Out.WriteLine("stopped");
    }

    /// <summary>
    /// Starts everything, or nothing: when a part does not start (the port of HTTP, which comes last, was taken a moment ago), the
    /// silo beneath it leaves its cluster before it is disposed. Disposed at work, it would bring the process down.
    /// </summary>
    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch
        {
            using var patience = new CancellationTokenSource(LeavingTimeout);
            await app.StopAsync(patience.Token);
            throw;
        }
    }

    private static void Configure(WebApplicationBuilder builder, SiloSettings settings, RunDirectory runs)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.HttpPort));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, PassiveLifetime>());
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddMadrlTelemetry();
        builder.Host.UseOrleans(silo =>
        {
            silo.AddMadrl(runs);
            silo.UseMadrlCluster(settings.Cluster, runs.Path);
            if (Telemetry.IsConfigured) silo.AddActivityPropagation();
        });
        builder.Services.AddSingleton<IMadrlClient>(services =>
            new MadrlClient(services.GetRequiredService<IClusterClient>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddMadrlHttp();

        // Last, so that it starts when the silo has started; what is saved when it stops, is saved before anything is shut down.
        builder.Services.AddSingleton<SiloRuns>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SiloRuns>());
        builder.Services.AddSingleton<SiloTraffic>();
        builder.Services.AddSingleton<ISiloHealth>(services => new SiloHealth(
            services.GetRequiredService<SiloRuns>(), services.GetRequiredService<SiloTraffic>(), settings.Cluster));
    }

    private static void Greet(SiloSettings settings, RunDirectory runs, IReadOnlyList<string> resumed)
    {
        var gateway = new IPEndPoint(settings.Cluster.Address, settings.Cluster.GatewayPort);
        Console.Out.WriteLine($"status page  http://127.0.0.1:{settings.HttpPort}/");
        Console.Out.WriteLine($"gateway      {gateway}");
        Console.Out.WriteLine($"runs         {runs.Path}{(resumed.Count == 0 ? "" : $" ({resumed.Count} going on: {string.Join(", ", resumed)})")}");
        Console.Out.WriteLine();
        Console.Out.WriteLine("Train in another terminal:");
        Console.Out.WriteLine($"  dotnet run -c Release --project client -- train simple-spread --silo {gateway}");
        Console.Out.WriteLine("Ctrl-C saves the runs and stops; the next start goes on with them.");
    }

    private sealed class SiloHealth(SiloRuns runs, SiloTraffic traffic, ClusterSettings cluster) : ISiloHealth
    {
        public bool HasStarted => runs.HasStarted;

        public bool IsReady => runs is { HasStarted: true, IsStopping: false };

        public SiloReport Report => new(
            cluster.Silo.Name, cluster.ClusterId, cluster.Silo.Roles, cluster.Silo.Accelerators, traffic.Bytes, traffic.Messages, traffic.Largest);
    }
}
