using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Madrl.Cluster.Tests;

/// <summary>What a timer of the probe does.</summary>
[GenerateSerializer, Immutable, Alias("madrl.tests.Ticking")]
public sealed record Ticking(
    [property: Id(0)] string Name, [property: Id(1)] TimeSpan Due, [property: Id(2)] TimeSpan Period, [property: Id(3)] bool Interleave = false,
    [property: Id(4)] int HoldTick = 0, [property: Id(5)] int ThrowTick = 0, [property: Id(6)] int DisposeTick = 0,
    [property: Id(7)] int ChangeUntil = 0);

public interface ITimerProbe : IGrainWithStringKey
{
    Task Begin(Ticking ticking);

    Task<int> Ticks();

    /// <summary>Is held, then sets the timer anew.</summary>
    Task HoldAndChange(string name, TimeSpan due);

    Task Pass();
}

[PlaceByKey]
public sealed class TimerProbe(Stage stage) : Grain, ITimerProbe
{
    private IGrainTimer? _timer;
    private int _ticks;

    public Task Begin(Ticking ticking)
    {
        _timer = this.RegisterGrainTimer(
            TickAsync, ticking,
            new GrainTimerCreationOptions { DueTime = ticking.Due, Period = ticking.Period, Interleave = ticking.Interleave });
        return Task.CompletedTask;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public async Task HoldAndChange(string name, TimeSpan due)
    {
        await stage.HoldAsync(name);
        _timer!.Change(due, Timeout.InfiniteTimeSpan);
    }

    public Task Pass()
    {
        stage.Note(this.GetPrimaryKeyString(), "call");
        return Task.CompletedTask;
    }

    private async Task TickAsync(Ticking ticking, CancellationToken cancellationToken)
    {
        var tick = ++_ticks;
        stage.Note(this.GetPrimaryKeyString(), $"tick {tick} in");
        if (tick == ticking.HoldTick) await stage.HoldAsync(ticking.Name);
        if (tick == ticking.DisposeTick) _timer!.Dispose();
        if (tick < ticking.ChangeUntil) _timer!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        stage.Note(this.GetPrimaryKeyString(), $"tick {tick} out{(cancellationToken.IsCancellationRequested ? ", cancelled" : "")}");
        stage.Reach($"{ticking.Name}/{tick}");
        if (tick == ticking.ThrowTick) throw new InvalidOperationException("This tick fails.");
    }
}

/// <summary>Two silos whose grain timers run on a clock that the test moves; so do the timers that drain streams.</summary>
public sealed class TimedSilos : TwoSilos
{
    public Clock Clock { get; } = new();

    protected override void Configure(ISiloBuilder silo) =>
        silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, Clock);
}
