using Madrl.Grains;
using Madrl.Grains.Abstractions;
using Madrl.Grains.Placement;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;

namespace Madrl.Hosting;

/// <summary>What every silo of this program has in common: storage, placement, the learner's compute, counters.</summary>
public static class MadrlSilo
{
    /// <summary>Adds the grains' services for the runs of a folder, where their state and files lie.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="runs">The runs; the caller keeps them.</param>
    public static ISiloBuilder AddMadrl(this ISiloBuilder silo, RunDirectory runs)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(runs);
        silo.Services.AddSingleton(runs);
        silo.Services.AddGrainStorage(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
            (services, _) => ActivatorUtilities.CreateInstance<RunGrainStorage>(services));
        silo.Services.AddSingleton(new RunReminders(null));
        silo.Services.AddSingleton<CallCounter>();
        silo.Services.AddSingleton<IIncomingGrainCallFilter>(services => services.GetRequiredService<CallCounter>());
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<IRunArchive, RunArchive>();
        silo.Services.AddSingleton<ICheckpointStore>(new FileCheckpointStore(run => runs.Open(run).Path));
        silo.Services.AddSingleton<ILearnerComputeFactory, TorchLearnerComputeFactory>();
        silo.Services.AddMadrlTeams();
        silo.Services.AddMadrlExceptions();
        silo.AddMadrlPlacement();
        return silo;
    }
}
