using Madrl.Protocols;

namespace Madrl.Cluster.Tests;

public interface ITimeoutProbe : IGrainWithStringKey
{
    Task Warm();

    /// <summary>Held until released, once per ticket.</summary>
    [ResponseTimeout("00:00:02")]
    Task<int> Work(string name, long iteration, CancellationToken cancellationToken);

    [ResponseTimeout("00:00:20")]
    Task<int> WorkPatiently(string name, long iteration, CancellationToken cancellationToken);

    [ResponseTimeout("00:00:01")]
    Task Queue(string name);

    Task Pass(string name);
}

[PlaceByKey]
public sealed class TimeoutProbe(Stage stage) : Grain, ITimeoutProbe
{
    private readonly Fence _fence = new();
    private int _worked;

    public Task Warm() => Task.CompletedTask;

    public Task<int> Work(string name, long iteration, CancellationToken cancellationToken) =>
        WorkPatiently(name, iteration, cancellationToken);

    public Task<int> WorkPatiently(string name, long iteration, CancellationToken cancellationToken) =>
        _fence.OnceAsync(nameof(Work), new Ticket(1, iteration), async () =>
        {
            await stage.HoldAsync(name);
            stage.Note(name, cancellationToken.IsCancellationRequested ? "cancelled" : "completed");
            stage.Reach($"done/{name}");
            return ++_worked;
        });

    public Task Queue(string name) => Pass(name);

    public Task Pass(string name)
    {
        stage.Note(this.GetPrimaryKeyString(), name);
        return Task.CompletedTask;
    }
}

/// <summary>
/// A call that takes longer than its interface's [ResponseTimeout] fails at the caller with TimeoutException, and the callee
/// knows nothing of it: its outcome is unknown. RunTeam asks once more and Fence answers from the last result. Orleans measures
/// the time on a Stopwatch and looks once a second, whatever the TimeProvider: so these tests take real seconds, and a time-out
/// may come up to a second late.
/// </summary>
public class TimeoutTests(TwoSilos silos)
{
    [Fact]
    public async Task The_callee_completes_what_the_caller_has_given_up()
    {
        var grain = silos.From(0).GetGrain<ITimeoutProbe>("given-up@1");
        await grain.Warm();
        await Assert.ThrowsAsync<TimeoutException>(() => grain.Work("given-up", 1, CancellationToken.None)).SoonAsync();
        await silos.Stage.EnteredAsync("given-up");
        silos.Stage.Release("given-up");
        await silos.Stage.WaitAsync("done/given-up");

        // The token is the caller's: a time-out does not cancel it (MessagingOptions.CancelRequestOnTimeout is off).
        Assert.Equal(["completed"], silos.Stage.Notes("given-up"));
    }

    [Fact]
    public async Task Asked_again_it_waits_for_its_turn_and_answers_from_the_result()
    {
        var grain = silos.From(0).GetGrain<ITimeoutProbe>("asked-again@1");
        await grain.Warm();
        await Assert.ThrowsAsync<TimeoutException>(() => grain.Work("asked-again", 1, CancellationToken.None)).SoonAsync();
        await silos.Stage.EnteredAsync("asked-again");
        var again = grain.WorkPatiently("asked-again", 1, CancellationToken.None);
        silos.Stage.Release("asked-again");
        Assert.Equal(1, await again.SoonAsync());
        Assert.Equal(["completed"], silos.Stage.Notes("asked-again"));
        Assert.Equal(2, await grain.WorkPatiently("asked-again", 2, CancellationToken.None));
    }

    /// <summary>Unknown outcome means both: what timed out in the queue is dropped and never runs.</summary>
    [Fact]
    public async Task A_request_that_expires_in_the_queue_is_never_run()
    {
        var grain = silos.From(0).GetGrain<ITimeoutProbe>("queue@1");
        await grain.Warm();
        var held = grain.WorkPatiently("queue-held", 1, CancellationToken.None);
        await silos.Stage.EnteredAsync("queue-held");
        await Assert.ThrowsAsync<TimeoutException>(() => grain.Queue("expired")).SoonAsync();
        silos.Stage.Release("queue-held");
        await held.SoonAsync();
        await grain.Pass("after");
        Assert.Equal(["after"], silos.Stage.Notes("queue@1"));
    }
}
