namespace Madrl.Cluster.Tests;

/// <summary>
/// RunGrain's loop is a grain timer: due at once, no period, and every tick sets it anew until the last one disposes it. A tick
/// is a turn of the grain, so it excludes other requests unless they interleave, and the next tick is set when it has ended.
/// Its clock is the TimeProvider with the key TimeProviderNames.Grains. One timer at a time is under test, each with a time of its own.
/// </summary>
public class TimerTests(TimedSilos silos) : IClassFixture<TimedSilos>
{
    private static readonly TimeSpan _never = Timeout.InfiniteTimeSpan;

    [Fact]
    public async Task Ticks_do_not_overlap_and_the_period_begins_at_a_ticks_end()
    {
        var (grain, period) = (Grain("overlap@1"), TimeSpan.FromSeconds(701));
        await grain.Begin(new Ticking("overlap", period, period, Interleave: true, HoldTick: 1));
        await silos.Clock.SetForAsync(period);
        silos.Clock.Advance(period);
        await silos.Stage.EnteredAsync("overlap");
        silos.Clock.Advance(10 * period);
        Assert.Equal(1, await grain.Ticks().SoonAsync());

        silos.Stage.Release("overlap");
        await silos.Clock.SetForAsync(period);
        silos.Clock.Advance(period - TimeSpan.FromSeconds(1));
        Assert.Equal(1, await grain.Ticks());
        silos.Clock.Advance(TimeSpan.FromSeconds(1));
        await silos.Stage.WaitAsync("overlap/2");
        Assert.Equal(2, await grain.Ticks());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_tick_is_a_turn_unless_it_interleaves(bool interleave)
    {
        var (name, due) = ($"turn-{interleave}", TimeSpan.FromSeconds(interleave ? 709 : 719));
        var grain = Grain($"{name}@1");
        await grain.Begin(new Ticking(name, due, _never, interleave, HoldTick: 1));
        await silos.Clock.SetForAsync(due);
        silos.Clock.Advance(due);
        await silos.Stage.EnteredAsync(name);
        var call = grain.Pass();
        await (interleave ? call.SoonAsync() : silos.QueuedAsync(grain, 1));
        silos.Stage.Release(name);
        await call.SoonAsync();
        await silos.Stage.WaitAsync($"{name}/1");
        string[] expected = interleave ? ["tick 1 in", "call", "tick 1 out"] : ["tick 1 in", "tick 1 out", "call"];
        Assert.Equal(expected, silos.Stage.Notes($"{name}@1"));
    }

    [Fact]
    public async Task A_timer_disposed_in_a_tick_ticks_no_more_and_cancels_the_ticks_token()
    {
        var (grain, period) = (Grain("disposed@1"), TimeSpan.FromSeconds(727));
        await grain.Begin(new Ticking("disposed", period, period, DisposeTick: 1));
        await silos.Clock.SetForAsync(period);
        silos.Clock.Advance(period);
        await silos.Stage.WaitAsync("disposed/1");
        Assert.Equal(1, await grain.Ticks());
        silos.Clock.Advance(10 * period);
        Assert.Equal(1, await grain.Ticks());
        Assert.Equal(["tick 1 in", "tick 1 out, cancelled"], silos.Stage.Notes("disposed@1"));
    }

    /// <summary>RunGrain's shape: time stands still and the loop goes on.</summary>
    [Fact]
    public async Task Set_anew_within_each_tick_it_goes_on_until_it_is_not()
    {
        var grain = Grain("loop@1");
        await grain.Begin(new Ticking("loop", TimeSpan.Zero, _never, ChangeUntil: 100));
        await silos.Stage.WaitAsync("loop/100");
        silos.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(100, await grain.Ticks());
    }

    [Fact]
    public async Task A_tick_that_throws_is_followed_by_the_next()
    {
        var (grain, period) = (Grain("throws@1"), TimeSpan.FromSeconds(733));
        await grain.Begin(new Ticking("throws", period, period, ThrowTick: 1));
        for (var tick = 1; tick <= 2; tick++)
        {
            await silos.Clock.SetForAsync(period);
            silos.Clock.Advance(period);
            await silos.Stage.WaitAsync($"throws/{tick}");
        }

        Assert.Equal(2, await grain.Ticks());
    }

    [Fact]
    public async Task A_deactivation_disposes_the_timers()
    {
        var (grain, period) = (Grain("deactivated@1"), TimeSpan.FromSeconds(739));
        await grain.Begin(new Ticking("deactivated", period, period));
        await silos.Clock.SetForAsync(period);
        await silos.Cluster.DeactivateAsync(grain).SoonAsync();
        silos.Clock.Advance(10 * period);
        Assert.Equal(0, await grain.Ticks());
        Assert.Empty(silos.Stage.Notes("deactivated@1"));
    }

    [Fact]
    public async Task Set_anew_while_a_tick_waits_for_its_turn_it_is_next_due_at_the_new_time()
    {
        var (grain, first, second) = (Grain("renewed@1"), TimeSpan.FromSeconds(743), TimeSpan.FromSeconds(751));
        await grain.Begin(new Ticking("renewed", first, first));
        await silos.Clock.SetForAsync(first);
        var change = grain.HoldAndChange("renewed", second);
        await silos.Stage.EnteredAsync("renewed");
        silos.Clock.Advance(first);
        silos.Stage.Release("renewed");
        await change.SoonAsync();
        await silos.Stage.WaitAsync("renewed/1");
        Assert.Equal(1, await grain.Ticks());
        silos.Clock.Advance(second - TimeSpan.FromSeconds(1));
        Assert.Equal(1, await grain.Ticks());
        silos.Clock.Advance(TimeSpan.FromSeconds(1));
        await silos.Stage.WaitAsync("renewed/2");
        silos.Clock.Advance(10 * second);
        Assert.Equal(2, await grain.Ticks());
    }

    private ITimerProbe Grain(string key) => silos.From(0).GetGrain<ITimerProbe>(key);
}
