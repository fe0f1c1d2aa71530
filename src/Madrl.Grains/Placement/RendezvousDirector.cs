using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Madrl.Grains.Placement;

/// <summary>
/// Decides for <see cref="RendezvousPlacement"/>. Not a placement filter, because those cannot wait, and some waiting is
/// needed: of a silo that has just joined it is not known at once what it declares.
/// </summary>
/// <param name="membership">Knows the silos' names.</param>
/// <param name="time">Runs while it waits.</param>
/// <param name="metadata">What the silos declare; null where this silo takes no part in that, so that all count as undeclared.</param>
internal sealed class RendezvousDirector(ISiloStatusOracle membership, TimeProvider time, ISiloMetadataCache? metadata = null)
    : IPlacementDirector
{
    /// <summary>Of one placement. With <see cref="RetryDelay"/> 5 s in all: well below the response time-out of the call that waits.</summary>
    internal const int MaxAttempts = 21;

    /// <summary>Between two attempts.</summary>
    internal static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var placement = (RendezvousPlacement)strategy;
        for (var attempt = 1; ; attempt++)
        {
            var silos = context.GetCompatibleSilos(target).Select(Describe).OfType<Candidate>().ToArray();
            var able = Able(placement, silos);

            // In the end, one that has not said what it is does not hold up the others.
            if (able.Length > 0 && (attempt == MaxAttempts || silos.All(silo => silo.Resources is not null)))
                return Pick(placement, target, able);
            if (attempt == MaxAttempts) throw new RoleMissingException(placement.Role, target.GrainIdentity);
            await Task.Delay(RetryDelay, time);
        }
    }

    private static Candidate[] Able(RendezvousPlacement placement, Candidate[] silos)
    {
        var able = silos.Where(silo => silo.Resources?.Roles.Contains(placement.Role) == true).ToArray();
        var accelerated = placement.PrefersAccelerator ? able.Where(silo => silo.Resources!.Accelerators.Count > 0).ToArray() : [];
        return accelerated.Length > 0 ? accelerated : able;
    }

    /// <summary>A hint, which is how a migration names its target, goes first, as in Orleans' own directors.</summary>
    private static SiloAddress Pick(RendezvousPlacement placement, PlacementTarget target, Candidate[] able)
    {
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, [.. able.Select(silo => silo.Address)]) is { } hint) return hint;
        var name = Rendezvous.Pick(placement.HashedPart(target.GrainIdentity.Key.ToString()!), [.. able.Select(silo => silo.Name)]);

        // A silo that has started again may stand here beside itself from before, which is not yet known to be dead.
        return able.Where(silo => silo.Name == name).MaxBy(silo => silo.Address.Generation)!.Address;
    }

    /// <summary>Null for one that has left in the meantime.</summary>
    private Candidate? Describe(SiloAddress silo) =>
        membership.TryGetSiloName(silo, out var name) ? new Candidate(silo, name, ResourcesOf(silo)) : null;

    /// <summary>Null as long as they are not known; the cache has this one instance for those, and never for a silo that has answered.</summary>
    private SiloResources? ResourcesOf(SiloAddress silo)
    {
        if (metadata is null) return SiloResources.Undeclared;
        var declared = metadata.GetSiloMetadata(silo);
        return ReferenceEquals(declared, SiloMetadata.Empty) ? null : SiloResources.Read(declared.Metadata);
    }

    private sealed record Candidate(SiloAddress Address, string Name, SiloResources? Resources);
}
