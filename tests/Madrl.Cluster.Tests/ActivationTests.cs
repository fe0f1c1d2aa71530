using Orleans.Placement;
using Orleans.Runtime;

namespace Madrl.Cluster.Tests;

public interface IActivationProbe : IGrainWithStringKey
{
    Task<string> Identify();

    Task Deactivate();
}

/// <summary>Placed at random, so that two silos disagree about where it belongs; says which activation it is.</summary>
[RandomPlacement]
public sealed class ActivationProbe(Stage stage) : Grain, IActivationProbe
{
    private readonly string _id = Guid.NewGuid().ToString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        stage.Note($"{key}/activated", _id);
        if (key.StartsWith("fails-once", StringComparison.Ordinal) && stage.Notes($"{key}/activated").Length == 1)
            throw new IOException("The first activation fails.");
        await Task.Yield();
    }

    public Task<string> Identify() => Task.FromResult(_id);

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        stage.Note($"{this.GetPrimaryKeyString()}/deactivated", reason.ReasonCode.ToString());
        return Task.CompletedTask;
    }
}

/// <summary>
/// There is one activation per key in the whole cluster, whoever calls it first. Every role of a run is a grain that holds
/// state in memory between calls, and RunGrain drives the run: two of them would be two runs. The storage's ETag and the
/// epoch guard the moments in which this fact does not hold (a silo that is taken for dead).
/// </summary>
public class ActivationTests(TwoSilos silos)
{
    [Fact]
    public async Task A_hundred_first_calls_from_both_silos_find_one_activation()
    {
        for (var round = 0; round < 10; round++)
        {
            var key = $"first-{round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(
                call => Task.Run(() => silos.From(call % 2).GetGrain<IActivationProbe>(key).Identify()))).SoonAsync();
            Assert.Single(answers.Distinct());
            Assert.Equal([answers[0]], silos.Stage.Notes($"{key}/activated"));
        }
    }

    [Fact]
    public async Task After_its_deactivation_the_next_call_activates_it_again()
    {
        var grain = silos.From(0).GetGrain<IActivationProbe>("again");
        var first = await grain.Identify();
        var gone = silos.Cluster.WaitForDeactivationAsync(grain);
        await grain.Deactivate();
        await gone.SoonAsync();
        Assert.Equal([nameof(DeactivationReasonCode.ApplicationRequested)], silos.Stage.Notes("again/deactivated"));

        var second = await silos.From(1).GetGrain<IActivationProbe>("again").Identify();
        Assert.NotEqual(first, second);
        Assert.Equal([first, second], silos.Stage.Notes("again/activated"));
    }

    [Fact]
    public async Task A_call_that_meets_a_deactivation_is_not_lost()
    {
        var grain = silos.Client.GetGrain<IActivationProbe>("while-deactivating");
        var ids = new HashSet<string> { await grain.Identify() };
        for (var round = 0; round < 20; round++)
        {
            var leaving = grain.Deactivate();
            ids.Add(await grain.Identify().SoonAsync());
            await leaving;
        }

        Assert.InRange(ids.Count, 2, 21);
        Assert.Subset(silos.Stage.Notes("while-deactivating/activated").ToHashSet(), ids);
    }

    [Fact]
    public async Task An_activation_that_fails_tells_the_caller_why_and_the_next_call_tries_again()
    {
        var grain = silos.Client.GetGrain<IActivationProbe>("fails-once");
        var error = await Assert.ThrowsAsync<IOException>(grain.Identify);
        Assert.Equal("The first activation fails.", error.Message);
        await grain.Identify();
        Assert.Equal(2, silos.Stage.Notes("fails-once/activated").Length);
    }
}
