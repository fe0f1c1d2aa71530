using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Madrl.Cluster.Tests;

/// <summary>A state that Orleans can serialize.</summary>
[GenerateSerializer, Alias("madrl.tests.Carried")]
public sealed class Carried
{
    [Id(0)]
    public int Value { get; set; }
}

public interface IMovingProbe : IGrainWithStringKey
{
    Task Set(int memory, int carried, int tally);

    Task Save();

    Task Leave(SiloAddress target);

    Task<Moved> Read();
}

/// <summary>What a moved grain holds.</summary>
/// <param name="Silo">Where it is.</param>
/// <param name="Memory">Its field.</param>
/// <param name="Carried">Its state of a type that Orleans can serialize.</param>
/// <param name="Tally">Its state of a plain type.</param>
[GenerateSerializer, Immutable, Alias("madrl.tests.Moved")]
public sealed record Moved(
    [property: Id(0)] SiloAddress Silo, [property: Id(1)] int Memory, [property: Id(2)] int Carried, [property: Id(3)] int Tally);

[PlaceByKey]
public sealed class MovingProbe(
    [PersistentState("carried")] IPersistentState<Carried> carried, [PersistentState("tally")] IPersistentState<Tally> tally,
    ILocalSiloDetails silo)
    : Grain, IMovingProbe, IGrainMigrationParticipant
{
    private int _memory;

    public Task Set(int memory, int carriedValue, int tallyValue)
    {
        (_memory, carried.State.Value, tally.State.Value) = (memory, carriedValue, tallyValue);
        return Task.CompletedTask;
    }

    public async Task Save()
    {
        await carried.WriteStateAsync();
        await tally.WriteStateAsync();
    }

    public Task Leave(SiloAddress target)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, target);
        this.MigrateOnIdle();
        return Task.CompletedTask;
    }

    public Task<Moved> Read() => Task.FromResult(new Moved(silo.SiloAddress, _memory, carried.State.Value, tally.State.Value));

    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue("memory", _memory);

    public void OnRehydrate(IRehydrationContext rehydrationContext) => rehydrationContext.TryGetValue("memory", out _memory);
}

/// <summary>
/// A grain can move to another silo with what it holds in memory: what it hands over itself, and persistent state of a type
/// that Orleans can serialize, saved or not. Where a cluster moves grains, RunGrain's state (RunState knows nothing of Orleans)
/// is read from storage instead, as after any deactivation: what was not written is gone.
/// </summary>
public class MigrationTests(TwoSilos silos)
{
    [Fact]
    public async Task Memory_moves_and_plain_state_is_read_from_storage()
    {
        var grain = silos.Client.GetGrain<IMovingProbe>("moves@0");
        await grain.Set(1, 2, 3);
        await grain.Save();
        await grain.Set(11, 12, 13);
        Assert.Equal(new Moved(silos.Address(0), 11, 12, 13), await grain.Read());

        var gone = silos.Cluster.WaitForDeactivationAsync(grain);
        await grain.Leave(silos.Address(1));
        await gone.SoonAsync();
        Assert.Equal(new Moved(silos.Address(1), 11, 12, 3), await grain.Read());
    }

    [Fact]
    public async Task State_that_moved_can_be_written_again()
    {
        var grain = silos.Client.GetGrain<IMovingProbe>("writes@0");
        await grain.Set(1, 2, 3);
        await grain.Save();
        await silos.Cluster.MigrateAsync(grain, silos.Address(1)).SoonAsync();
        await grain.Set(21, 22, 23);
        await grain.Save();
        Assert.Equal(new Moved(silos.Address(1), 21, 22, 23), await grain.Read());
        await silos.Cluster.DeactivateAsync(grain).SoonAsync();
        Assert.Equal(new Moved((await grain.Read()).Silo, 0, 22, 23), await grain.Read());
    }

    [Fact]
    public async Task Deactivation_moves_nothing()
    {
        var grain = silos.Client.GetGrain<IMovingProbe>("forgets@1");
        await grain.Set(1, 2, 3);
        await silos.Cluster.DeactivateAsync(grain).SoonAsync();
        Assert.Equal(new Moved(silos.Address(1), 0, 0, 0), await grain.Read());
    }
}
