using Madrl.Grains;
using Madrl.Grains.Abstractions;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Madrl.Hosting;

/// <summary>What every silo of this program has in common: storage, streams, the learner's compute, counters.</summary>
public static class MadrlSilo
{
    /// <summary>How often memory streams are drained; what a watcher sees is at most this late.</summary>
    private static readonly TimeSpan StreamPullingPeriod = TimeSpan.FromMilliseconds(10);

    /// <summary>Adds the grains' services for one run, whose state and files lie in its folder.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="folder">The run's folder, locked by the caller.</param>
    public static ISiloBuilder AddMadrl(this ISiloBuilder silo, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(folder);
        silo.AddSqliteGrainStorageAsDefault(folder.DatabasePath);

        // Subscriptions of memory streams need not outlive the process whose memory the streams are.
        silo.AddMemoryGrainStorage("PubSubStore");
        // One queue, because a run has one stream, and every queue is asked for messages all the time.
        silo.AddMemoryStreams(IMetricsGrain.StreamProvider, streams =>
        {
            streams.ConfigurePartitioning(1);
            streams.ConfigurePullingAgent(
                options => options.Configure(pulling => pulling.GetQueueMsgsTimerPeriod = StreamPullingPeriod));
        });
        silo.Services.AddSingleton<CallCounter>();
        silo.Services.AddSingleton<IIncomingGrainCallFilter>(services => services.GetRequiredService<CallCounter>());
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<IRunArchive>(new RunArchive(folder));
        silo.Services.AddSingleton<ICheckpointStore>(new FileCheckpointStore(_ => folder.Path));
        silo.Services.AddSingleton<ILearnerComputeFactory, TorchLearnerComputeFactory>();
        silo.Services.AddMadrlExceptions();
        return silo;
    }

    /// <summary>Lets this program's exceptions keep their types between silos: whoever was superseded must know it.</summary>
    public static IServiceCollection AddMadrlExceptions(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add("Madrl"));
}
