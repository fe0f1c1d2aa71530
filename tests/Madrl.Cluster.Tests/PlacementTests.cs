using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;
using Orleans.Runtime;

namespace Madrl.Cluster.Tests;

public interface IPlaceProbe : IGrainWithStringKey
{
    Task<SiloAddress> Where();

    /// <summary>Asks a grain of the preferring kind where it is.</summary>
    Task<SiloAddress> WhereIsPreferring(string key);
}

public interface IPreferringProbe : IPlaceProbe;

public interface IHashedProbe : IPlaceProbe;

public interface IRandomProbe : IPlaceProbe;

public interface IKeyedProbe : IPlaceProbe;

[PreferLocalPlacement]
public sealed class PreferringProbe(ILocalSiloDetails silo) : PlaceProbe(silo), IPreferringProbe;

[HashBasedPlacement]
public sealed class HashedProbe(ILocalSiloDetails silo) : PlaceProbe(silo), IHashedProbe;

[RandomPlacement]
public sealed class RandomProbe(ILocalSiloDetails silo) : PlaceProbe(silo), IRandomProbe;

[PlaceByKey]
public sealed class KeyedProbe(ILocalSiloDetails silo) : PlaceProbe(silo), IKeyedProbe;

public abstract class PlaceProbe(ILocalSiloDetails silo) : Grain, IPlaceProbe
{
    public Task<SiloAddress> Where() => Task.FromResult(silo.SiloAddress);

    public Task<SiloAddress> WhereIsPreferring(string key) => GrainFactory.GetGrain<IPreferringProbe>(key).Where();
}

/// <summary>
/// Where a grain is activated, by Orleans' own strategies and by one's own; those of the product are in
/// <see cref="RunPlacementTests"/>. A placement is a decision about an activation, not about a key: it is asked only when
/// there is none, and prefer-local follows whoever calls first.
/// </summary>
public class PlacementTests(TwoSilos silos)
{
    [Theory, InlineData(0), InlineData(1)]
    public async Task Prefer_local_follows_the_first_caller_and_then_stays(int first)
    {
        foreach (var number in Enumerable.Range(0, 10))
        {
            var key = $"prefer-{first}-{number}";
            Assert.Equal(silos.Address(first), await silos.From(first).GetGrain<IPreferringProbe>(key).Where());
            Assert.Equal(silos.Address(first), await silos.From(1 - first).GetGrain<IPreferringProbe>(key).Where());
        }
    }

    [Theory, InlineData(0), InlineData(1)]
    public async Task Prefer_local_follows_a_calling_grain(int first)
    {
        var caller = silos.From(1 - first).GetGrain<IKeyedProbe>($"caller@{first}");
        Assert.Equal(silos.Address(first), await caller.WhereIsPreferring($"by-grain-{first}"));
    }

    [Fact]
    public async Task A_director_of_ones_own_decides()
    {
        foreach (var number in Enumerable.Range(0, 20))
        {
            var where = await silos.From(number / 2 % 2).GetGrain<IKeyedProbe>($"own-{number}@{number % 2}").Where();
            Assert.Equal(silos.Address(number % 2), where);
        }
    }

    /// <summary>Compared with the rule, not with a second activation, which would be where the first is remembered.</summary>
    [Fact]
    public async Task Hash_based_follows_from_the_grains_id_and_the_silos_alone()
    {
        var keys = Enumerable.Range(0, 32).Select(number => $"hash-{number}").ToArray();
        var where = await WhereAsync<IHashedProbe>(keys, from: 0);
        Assert.Equal(2, where.Distinct().Count());
        var expected = keys.Select(key =>
            silos.Address((int)((uint)silos.Client.GetGrain<IHashedProbe>(key).GetGrainId().GetUniformHashCode() % 2)));
        Assert.Equal(expected, where);
    }

    /// <summary>
    /// Not relied on, and a reason not to rely on a director: a silo that remembers where a grain was sends the call there, and
    /// there it is activated; the director, which would have said silo 0, is not asked.
    /// </summary>
    [Fact]
    public async Task Activated_again_it_is_where_its_caller_remembers_it()
    {
        foreach (var number in Enumerable.Range(0, 10))
        {
            var grain = silos.From(0).GetGrain<IKeyedProbe>($"remembered-{number}@0");
            Assert.Equal(silos.Address(0), await grain.Where());
            await silos.Cluster.MigrateAsync(grain, silos.Address(1)).SoonAsync();
            Assert.Equal(silos.Address(1), await grain.Where());
            await silos.Cluster.DeactivateAsync(grain).SoonAsync();
            Assert.Equal(silos.Address(1), await grain.Where());
        }
    }

    /// <summary>That 64 all land on one silo has a probability of 2 to the power of -63.</summary>
    [Fact]
    public async Task Random_spreads()
    {
        var where = await WhereAsync<IRandomProbe>([.. Enumerable.Range(0, 64).Select(number => $"random-{number}")], from: 0);
        Assert.Equal(2, where.Distinct().Count());
    }

    [Fact]
    public void The_default_is_by_load() =>
        Assert.IsType<ResourceOptimizedPlacement>(silos.Services(0).GetRequiredService<PlacementStrategy>());

    private Task<SiloAddress[]> WhereAsync<T>(string[] keys, int from)
        where T : IPlaceProbe, IGrainWithStringKey =>
        Task.WhenAll(keys.Select(key => silos.From(from).GetGrain<T>(key).Where())).SoonAsync();
}
