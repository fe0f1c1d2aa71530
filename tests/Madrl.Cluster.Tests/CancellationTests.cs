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
        stage.Note(name, "entered");
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

    [Fact]
    public async Task Cancelled_in_the_queue_it_runs_with_a_cancelled_token()
    {
        using var source = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        var grain = Grain(0, "cancel-queue@1");
        var first = grain.Work("queue-first", other.Token);
        await silos.Stage.EnteredAsync("queue-first");
        var second = grain.Work("queue-second", source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second).SoonAsync();
        await other.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first).SoonAsync();
        await grain.Pass().SoonAsync();
        Assert.Equal(["entered"], silos.Stage.Notes("queue-second"));
    }

    private ICancelledProbe Grain(int from, string key) =>
        (from == Client ? silos.Client : silos.From(from)).GetGrain<ICancelledProbe>(key);
}
