namespace Madrl.Protocols.Tests;

public class FenceTests
{
    private readonly Fence fence = new();
    private int _done;

    [Fact]
    public void A_call_of_an_older_epoch_is_refused()
    {
        fence.Admit(new Ticket(2, 5));
        Assert.Throws<StaleEpochException>(() => fence.Admit(new Ticket(1, 9)));
        fence.Admit(new Ticket(2, 0));
        Assert.Equal(2, fence.Epoch);
    }

    [Fact]
    public async Task A_repeated_call_is_answered_from_the_last_result()
    {
        var first = await fence.OnceAsync("a", new Ticket(1, 1), WorkAsync);
        var repeated = await fence.OnceAsync("a", new Ticket(1, 1), WorkAsync);
        Assert.Equal((1, 1, 1), (first, repeated, _done));
        Assert.Equal(2, await fence.OnceAsync("a", new Ticket(1, 2), WorkAsync));
    }

    [Fact]
    public async Task Each_operation_remembers_its_own_result()
    {
        await fence.OnceAsync("a", new Ticket(1, 1), WorkAsync);
        Assert.Equal(2, await fence.OnceAsync("b", new Ticket(1, 1), WorkAsync));
        Assert.Equal(1, await fence.OnceAsync("a", new Ticket(1, 1), WorkAsync));
    }

    [Fact]
    public async Task A_failure_is_not_remembered()
    {
        await Assert.ThrowsAsync<TimeoutException>(
            () => fence.OnceAsync<int>("a", new Ticket(1, 1), () => throw new TimeoutException()));
        Assert.Equal(1, await fence.OnceAsync("a", new Ticket(1, 1), WorkAsync));
    }

    [Fact]
    public async Task A_new_epoch_forgets()
    {
        await fence.OnceAsync("a", new Ticket(1, 1), WorkAsync);
        fence.Admit(new Ticket(2, 1));
        await Assert.ThrowsAsync<StaleEpochException>(() => fence.OnceAsync("a", new Ticket(1, 1), WorkAsync));
        Assert.Equal(2, await fence.OnceAsync("a", new Ticket(2, 1), WorkAsync));
    }

    [Fact]
    public async Task A_call_that_is_overtaken_while_it_works_is_refused()
    {
        var entered = new TaskCompletionSource<int>();
        var call = fence.OnceAsync("a", new Ticket(1, 1), () => entered.Task);
        fence.Admit(new Ticket(2, 0));
        entered.SetResult(7);
        await Assert.ThrowsAsync<StaleEpochException>(() => call);
    }

    private Task<int> WorkAsync() => Task.FromResult(++_done);
}
