using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Madrl.Grains.Placement;

/// <summary>Where a run's grains are placed.</summary>
public static class MadrlPlacement
{
    /// <summary>
    /// Adds the strategies of this program's grains, and <see cref="SiloResources"/>. What a silo has, it declares by
    /// <c>UseSiloMetadata</c>; all silos of a cluster do, or none.
    /// </summary>
    /// <param name="silo">The silo.</param>
    public static ISiloBuilder AddMadrlPlacement(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddPlacementDirector<ShardPlacement, RendezvousDirector>();
        silo.Services.AddPlacementDirector<RunPlacement, RendezvousDirector>();
        silo.Services.AddPlacementDirector<LearnerPlacement, RendezvousDirector>();
        silo.Services.AddSingleton(services => SiloResources.Read(services.GetRequiredService<IOptions<SiloMetadata>>().Value.Metadata));
        return silo;
    }
}
