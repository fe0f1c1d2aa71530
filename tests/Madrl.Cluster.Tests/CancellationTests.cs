namespace Madrl.Cluster.Tests;

public interface ICancelledProbe : IGrainWithStringKey
{
    /// <summary>Ends when it is cancelled.</summary>
    Task Work(string name, CancellationToken cancellationToken);

    /// <summary>Hands its token on to a grain.</summary>
    Task Relay(string key, string name, CancellationToken cancellationToken);

    Task Pass();
}

[PlaceByKey]
public sealed class CancelledProbe(Stage stage) : Grain, ICancelledProbe
{
    public async Task Work(string name, CancellationToken cancellationToken)
    {
        stage.Note(name, cancellationToken.IsCancellationRequested ? "entered cancelled" : "entered");
        stage.Reach($"in/{name}");
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.Register(() => cancelled.SetResult());
        await cancelled.Task.WaitAsync(Limits.Hang, CancellationToken.None);
        stage.Reach($"cancelled/{name}");
        cancellationToken.ThrowIfCancellationRequested();
    }

    public Task Relay(string key, string name, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<ICancelledProbe>(key).Work(name, cancellationToken);

    public Task Pass() => Task.CompletedTask;
}

/// <summary>
/// Cancelling the token that a call was made with reaches the callee, on whatever silo, and through a grain that hands it on.
/// The caller does not wait for it: its call fails at once with OperationCanceledException while the callee may still be at
/// work. RunGrain cancels collect, learn and save so when it is deactivated; Fence makes what they still do harmless.
/// </summary>
public class CancellationTests(TwoSilos silos)
{
    private const int Client = -1;

    [Theory, InlineData(0), InlineData(1), InlineData(Client)]
    public async Task Reaches_the_callee(int from)
    {
        var name = $"cancel-{from}";
        using var source = new CancellationTokenSource();
        var call = Grain(from, "cancel@1").Work(name, source.Token);
        await silos.Stage.EnteredAsync(name);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call).SoonAsync();
        await silos.Stage.WaitAsync($"cancelled/{name}");
    }

    [Fact]
    public async Task Reaches_through_a_grain_in_between()
    {
        using var source = new CancellationTokenSource();
        var call = Grain(Client, "cancel-relay@0").Relay("cancel-relayed@1", "relayed", source.Token);
        await silos.Stage.EnteredAsync("relayed");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call).SoonAsync();
        await silos.Stage.WaitAsync("cancelled/relayed");
    }

    /// <summary>The callee here waits for a phase that the test reaches only after the caller's call has ended.</summary>
    [Fact]
    public async Task The_caller_does_not_wait_for_the_callee()
    {
        using var source = new CancellationTokenSource();
        var grain = silos.From(0).GetGrain<ITimeoutProbe>("cancel-behind@1");
        var call = grain.WorkPatiently("cancel-behind", 1, source.Token);
        await silos.Stage.EnteredAsync("cancel-behind");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call).SoonAsync();
        silos.Stage.Release("cancel-behind");

        // Its work was done nonetheless, and is the answer to the same question asked again.
        Assert.Equal(1, await grain.WorkPatiently("cancel-behind", 1, CancellationToken.None).SoonAsync());
    }

    [Fact]
    public async Task Cancelled_before_the_call_it_is_not_made()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var grain = Grain(0, "cancel-before@1");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.Work("before", source.Token)).SoonAsync();
        await grain.Pass();
        Assert.Empty(silos.Stage.Notes("before"));
    }

    /// <summary>Dropped, or run with its token cancelled from the beginning: both have been seen.</summary>
    [Fact]
    public async Task Cancelled_in_the_queue_it_does_not_run_as_if_nothing_had_happened()
    {
        using var firsts = new CancellationTokenSource();
        using var seconds = new CancellationTokenSource();
        using var others = new CancellationTokenSource();
        var grain = Grain(0, "cancel-queue@1");
        var first = grain.Work("queue-first", firsts.Token);
        await silos.Stage.EnteredAsync("queue-first");
        var second = grain.Work("queue-second", seconds.Token);
        await silos.QueuedAsync(grain, 1);
        await seconds.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second).SoonAsync();

        // A cancellation on the same way, sent later, has arrived: so has the one before it.
        var other = Grain(0, "cancel-other@1").Work("queue-other", others.Token);
        await silos.Stage.EnteredAsync("queue-other");
        await others.CancelAsync();
        await silos.Stage.WaitAsync("cancelled/queue-other");
        await firsts.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(first, other)).SoonAsync();
        await grain.Pass().SoonAsync();
        Assert.DoesNotContain("entered", silos.Stage.Notes("queue-second"));
    }

    private ICancelledProbe Grain(int from, string key) =>
        (from == Client ? silos.Client : silos.From(from)).GetGrain<ICancelledProbe>(key);
}
