using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Madrl.Cluster.Tests;

/// <summary>Keeps what the filters of both silos and of the client see of grains whose key begins with "filter".</summary>
public sealed class FilterLog : IIncomingGrainCallFilter, IOutgoingGrainCallFilter
{
    public const string Refused = "refused", Failed = "failed";

    public ConcurrentQueue<string> Seen { get; } = new();

    public Task Invoke(IIncomingGrainCallContext context) => InvokeAsync("in", context);

    public Task Invoke(IOutgoingGrainCallContext context) => InvokeAsync("out", context);

    public string[] Of(string key) => [.. Seen.Where(line => line.Contains($" {key} ", StringComparison.Ordinal))];

    private async Task InvokeAsync(string side, IGrainCallContext context)
    {
        var key = context.TargetId.Key.ToString()!;
        if (!key.StartsWith("filter", StringComparison.Ordinal))
        {
            await context.Invoke();
            return;
        }

        var call = $"{side} {key} {context.InterfaceName.Split('.')[^1]}.{context.MethodName}({Arguments(context.Request)})";
        if (side == "in" && call.Contains(Refused, StringComparison.Ordinal))
            throw new UnauthorizedAccessException("The filter refuses.");
        try
        {
            await context.Invoke();
            Seen.Enqueue($"{call} = {context.Result}");
        }
        catch (Exception error)
        {
            Seen.Enqueue($"{call} ! {error.Message}");
            throw;
        }
    }

    private static string Arguments(Orleans.Serialization.Invocation.IInvokable request) =>
        string.Join(", ", Enumerable.Range(0, request.GetArgumentCount()).Select(request.GetArgument));
}

public interface IFilteredProbe : IGrainWithStringKey
{
    Task<int> Length(string text, int add);

    Task<int> Relay(string key, string text);

    Task Tick();
}

[PlaceByKey]
public sealed class FilteredProbe(Stage stage) : Grain, IFilteredProbe
{
    public Task<int> Length(string text, int add)
    {
        if (text == FilterLog.Failed) throw new InvalidOperationException("The grain fails.");
        stage.Note(this.GetPrimaryKeyString(), text);
        return Task.FromResult(text.Length + add);
    }

    public Task<int> Relay(string key, string text) => GrainFactory.GetGrain<IFilteredProbe>(key).Length(text, 0);

    public Task Tick()
    {
        this.RegisterGrainTimer(
            () =>
            {
                stage.Reach(this.GetPrimaryKeyString());
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan });
        return Task.CompletedTask;
    }
}

/// <summary>
/// An incoming filter of a silo sees every call that its grains receive, from a client, from another silo or from the same one,
/// with arguments and result, and can refuse it; an outgoing filter of a client sees the client's calls. CallCounter counts
/// calls and bytes by it, tests delay and fail calls by it. Ticks of grain timers pass the filters too and count as calls.
/// </summary>
public class CallFilterTests(TwoSilos silos)
{
    [Theory, InlineData(0), InlineData(1)]
    public async Task An_incoming_filter_sees_arguments_and_result(int from)
    {
        var key = $"filter-sees-{from}@1";
        Assert.Equal(5, await silos.From(from).GetGrain<IFilteredProbe>(key).Length("four", 1));
        Assert.Equal([$"in {key} IFilteredProbe.Length(four, 1) = 5"], silos.Filters.Of(key));
    }

    [Fact]
    public async Task An_outgoing_filter_of_the_client_sees_its_calls_and_the_incoming_one_those_of_grains()
    {
        Assert.Equal(5, await silos.Client.GetGrain<IFilteredProbe>("filter-relay@0").Relay("filter-relayed@1", "relay"));
        Assert.Equal(
            [
                "in filter-relay@0 IFilteredProbe.Relay(filter-relayed@1, relay) = 5",
                "in filter-relayed@1 IFilteredProbe.Length(relay, 0) = 5",
                "out filter-relay@0 IFilteredProbe.Relay(filter-relayed@1, relay) = 5",
            ],
            silos.Filters.Seen.Where(line => line.Contains("filter-relay", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task It_sees_what_the_grain_throws()
    {
        var grain = silos.From(0).GetGrain<IFilteredProbe>("filter-fails@1");
        await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Length(FilterLog.Failed, 0));
        Assert.Equal(["in filter-fails@1 IFilteredProbe.Length(failed, 0) ! The grain fails."], silos.Filters.Of("filter-fails@1"));
    }

    [Fact]
    public async Task It_can_refuse_a_call_which_then_does_not_reach_the_grain()
    {
        var grain = silos.From(0).GetGrain<IFilteredProbe>("filter-refuses@1");
        var error = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => grain.Length(FilterLog.Refused, 0));
        Assert.Equal("The filter refuses.", error.Message);
        await grain.Length("passes", 0);
        Assert.Equal(["passes"], silos.Stage.Notes("filter-refuses@1"));
    }

    [Fact]
    public async Task Ticks_of_timers_pass_the_filter()
    {
        var grain = silos.From(1).GetGrain<IFilteredProbe>("filter-ticks@1");
        await grain.Tick();
        await silos.Stage.WaitAsync("filter-ticks@1");

        // The tick was a turn: when this call runs, the filter has seen the tick's end.
        await grain.Length("", 0);
        Assert.Contains("in filter-ticks@1 IGrainTimerInvoker.InvokeCallbackAsync() = ", silos.Filters.Of("filter-ticks@1"));
    }
}
