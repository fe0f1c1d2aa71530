using System.Globalization;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Madrl.Cluster.Tests;

/// <summary>Places a grain with a key like <c>name@1</c> on silo 1, counted by address.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PlaceByKeyAttribute() : PlacementAttribute(new PlaceByKey());

[GenerateSerializer, Immutable, Alias("madrl.tests.PlaceByKey")]
public sealed class PlaceByKey : PlacementStrategy;

/// <summary>Decides; a hint, which is how a migration names its target, goes first, as in Orleans' own directors.</summary>
internal sealed class PlaceByKeyDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) is { } hint) return Task.FromResult(hint);
        var key = target.GrainIdentity.Key.ToString()!;
        var number = int.Parse(key[(key.LastIndexOf('@') + 1)..], CultureInfo.InvariantCulture);
        return Task.FromResult(silos.Order().ElementAt(number % silos.Length));
    }
}
