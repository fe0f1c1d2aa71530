using Orleans.Runtime;

namespace Madrl.Cluster.Tests;

public interface ILosableProbe : IGrainWithStringKey
{
    Task<SiloAddress> Add();

    Task<int> Value();

    Task Hold(string name);
}

[PlaceByKey]
public sealed class LosableProbe([PersistentState("tally")] IPersistentState<Tally> state, Stage stage, ILocalSiloDetails silo)
    : Grain, ILosableProbe
{
    public async Task<SiloAddress> Add()
    {
        state.State.Value++;
        await state.WriteStateAsync();
        return silo.SiloAddress;
    }

    public Task<int> Value() => Task.FromResult(state.State.Value);

    public Task Hold(string name) => stage.HoldAsync(name);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        stage.Note(this.GetPrimaryKeyString(), $"{reason.ReasonCode}");
        return Task.CompletedTask;
    }
}

/// <summary>
/// Without its silo a grain is activated on another one by the next call, with the state that was written. A silo that stops
/// deactivates its grains first; one that is killed waits for nothing, and calls to its grains fail with
/// SiloUnavailableException: their outcome is unknown, as after a time-out. RunMachine then goes back to its last checkpoint
/// under a new epoch. A silo killed within the process still says that it is gone, and an idle grain of it may see its
/// OnDeactivateAsync: how long a lost process goes unnoticed takes a test with processes.
/// </summary>
public class SiloLossTests
{
    [Fact]
    public async Task A_silo_that_stops_deactivates_its_grains_which_go_on_elsewhere()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var (stopped, survivor) = (silos.Address(1), silos.Address(0));
        var grain = silos.From(0).GetGrain<ILosableProbe>("stopped@1");
        Assert.Equal(stopped, await grain.Add());
        await silos.Cluster.StopSiloAsync(silos.Silos[1]).SoonAsync();
        Assert.Equal([nameof(DeactivationReasonCode.ShuttingDown)], silos.Stage.Notes("stopped@1"));
        Assert.Equal(1, await grain.Value().SoonAsync());
        Assert.Equal(survivor, await grain.Add());
        Assert.Equal(2, await grain.Value());
    }

    [Fact]
    public async Task A_killed_silos_calls_fail_and_its_grains_go_on_elsewhere()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var (killed, survivor) = (silos.Address(1), silos.Address(0));
        var grain = silos.From(0).GetGrain<ILosableProbe>("killed@1");
        Assert.Equal(killed, await grain.Add());
        var held = grain.Hold("killed");
        await silos.Stage.EnteredAsync("killed");
        await silos.Cluster.KillSiloAsync(silos.Silos[1]).SoonAsync();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => held).SoonAsync();
        Assert.Equal(1, await grain.Value().SoonAsync());
        Assert.Equal(survivor, await grain.Add().SoonAsync());
        silos.Stage.Release("killed");
    }
}
