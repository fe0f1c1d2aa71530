using Orleans.Runtime;

namespace Madrl.Cluster.Tests;

/// <summary>
/// An idle activation is collected; one with a request or a tick under way is not. RunGrain lives by its tick alone while it
/// drives a run: nobody needs to call it. KeepAlive counts a tick's end as use; Orleans measures idleness on a real stopwatch,
/// so how long a grain may idle between two ticks is not tested here, and RunGrain's next tick is always due at once.
/// </summary>
public class CollectionTests
{
    [Fact]
    public async Task An_idle_grain_is_collected_and_one_within_a_tick_is_not()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var ticking = silos.Client.GetGrain<ITimerProbe>("ticking@1");
        await ticking.Begin(new Ticking("ticking", TimeSpan.Zero, Timeout.InfiniteTimeSpan, Interleave: true, HoldTick: 1));
        await silos.Stage.EnteredAsync("ticking");
        var idle = silos.Client.GetGrain<IActivationProbe>("idle");
        await idle.Identify();

        await silos.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero).SoonAsync();
        Assert.Equal([nameof(DeactivationReasonCode.ActivationIdle)], silos.Stage.Notes("idle/deactivated"));
        Assert.Equal(1, await ticking.Ticks().SoonAsync());
        silos.Stage.Release("ticking");
        await silos.Stage.WaitAsync("ticking/1");
    }
}
