using Orleans.Concurrency;
using Orleans.Runtime;

namespace Madrl.Cluster.Tests;

public interface ITurnProbe : IGrainWithStringKey
{
    Task Hold(string name);

    Task Pass(string name);

    [AlwaysInterleave]
    Task Interleave(string name);

    [ReadOnly]
    Task Read(string name);

    /// <summary>Counts how many are inside at once.</summary>
    Task<int> Crowd();

    [ResponseTimeout("00:00:25")]
    Task Cycle(string other, bool allow);

    [ResponseTimeout("00:00:01")]
    Task CallBack(string back);
}

public interface IPlainProbe : ITurnProbe;

public interface IReentrantProbe : ITurnProbe;

[PlaceByKey]
public sealed class TurnProbe(Stage stage) : TurnProbeBase(stage), IPlainProbe;

[PlaceByKey, Reentrant]
public sealed class ReentrantProbe(Stage stage) : TurnProbeBase(stage), IReentrantProbe;

public abstract class TurnProbeBase(Stage stage) : Grain, ITurnProbe
{
    private int _inside;

    private string Key => this.GetPrimaryKeyString();

    public Task Hold(string name) => HoldAsync(name);

    public Task Pass(string name)
    {
        stage.Note(Key, name);
        return Task.CompletedTask;
    }

    public Task Interleave(string name) => Pass(name);

    public Task Read(string name) => HoldAsync(name);

    public async Task<int> Crowd()
    {
        var inside = ++_inside;
        for (var turn = 0; turn < 10; turn++)
        {
            await Task.Yield();
            inside = Math.Max(inside, _inside);
        }

        _inside--;
        return inside;
    }

    public async Task Cycle(string other, bool allow)
    {
        using var section = allow ? (IDisposable)RequestContext.AllowCallChainReentrancy() : null;
        await GrainFactory.GetGrain<IPlainProbe>(other).CallBack(Key);
    }

    public Task CallBack(string back) => GrainFactory.GetGrain<IPlainProbe>(back).Pass("called back");

    private async Task HoldAsync(string name)
    {
        stage.Note(Key, $"{name} in");
        await stage.HoldAsync(name);
        stage.Note(Key, $"{name} out");
    }
}

/// <summary>
/// A grain runs one request at a time, also while it awaits, unless an attribute says otherwise. The product's grains have no
/// locks because of it. RunGrain answers Start, Stop and GetStatus in the middle of an iteration by [AlwaysInterleave];
/// AgentGrain serves all replicas at once by [ReadOnly] and yet never while Install is at work. The calls of a run never form
/// a cycle, because a cycle of non-reentrant grains ends in a time-out.
/// </summary>
public class ReentrancyTests(TwoSilos silos)
{
    [Fact]
    public async Task One_request_at_a_time_also_across_an_await()
    {
        var most = await Task.WhenAll(Enumerable.Range(0, 100).Select(call => Probe("crowd@1", call % 2).Crowd())).SoonAsync();
        Assert.Equal(1, most.Max());
    }

    [Fact]
    public async Task Only_always_interleave_passes_a_request_under_way()
    {
        var (grain, name) = (Probe("passes@1", 0), "passes");
        var held = grain.Hold(name);
        await silos.Stage.EnteredAsync(name);
        var waiting = grain.Pass("plain");
        await silos.QueuedAsync(grain, 1);
        var reading = grain.Read("passes-read");
        await silos.QueuedAsync(grain, 2);
        await grain.Interleave("interleaved").SoonAsync();
        silos.Stage.Release("passes-read");
        silos.Stage.Release(name);
        await Task.WhenAll(held, waiting, reading).SoonAsync();
        Assert.Equal(
            ["passes in", "interleaved", "passes out", "plain", "passes-read in", "passes-read out"], silos.Stage.Notes("passes@1"));
    }

    [Fact]
    public async Task Read_only_requests_run_together_and_others_wait_for_them()
    {
        var grain = Probe("reads@1", 0);
        var first = grain.Read("read-1");
        await silos.Stage.EnteredAsync("read-1");
        var second = grain.Read("read-2");
        await silos.Stage.EnteredAsync("read-2");
        var writing = grain.Pass("write");
        await silos.QueuedAsync(grain, 1);
        await grain.Interleave("interleaved").SoonAsync();
        silos.Stage.Release("read-2");
        await second.SoonAsync();
        silos.Stage.Release("read-1");
        await Task.WhenAll(first, writing).SoonAsync();
        Assert.Equal(
            ["read-1 in", "read-2 in", "interleaved", "read-2 out", "read-1 out", "write"], silos.Stage.Notes("reads@1"));
    }

    [Fact]
    public async Task Requests_of_a_reentrant_grain_run_together()
    {
        var grain = silos.From(0).GetGrain<IReentrantProbe>("reentrant@1");
        var held = grain.Hold("reentrant");
        await silos.Stage.EnteredAsync("reentrant");
        await grain.Pass("plain").SoonAsync();
        silos.Stage.Release("reentrant");
        await held.SoonAsync();
        Assert.Equal(["reentrant in", "plain", "reentrant out"], silos.Stage.Notes("reentrant@1"));
    }

    [Fact]
    public async Task A_cycle_of_calls_ends_in_a_time_out()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Probe("cycle-a@0", 0).Cycle("cycle-b@1", allow: false)).SoonAsync();
    }

    [Fact]
    public async Task A_cycle_passes_where_the_chain_of_calls_is_allowed_back()
    {
        await Probe("chain-a@0", 0).Cycle("chain-b@1", allow: true).SoonAsync();
        Assert.Equal(["called back"], silos.Stage.Notes("chain-a@0"));
    }

    private ITurnProbe Probe(string key, int from) => silos.From(from).GetGrain<IPlainProbe>(key);
}
