using Madrl.Hosting.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Madrl.Cluster.Tests;

public sealed class Tally
{
    public int Value { get; set; }
}

public interface IStoredProbe : IGrainWithStringKey
{
    Task<int> Add(bool careful);

    Task<(string Activation, int Value)> Read();
}

[PlaceByKey]
public sealed class StoredProbe([PersistentState("tally")] IPersistentState<Tally> state) : Grain, IStoredProbe
{
    private readonly string _id = Guid.NewGuid().ToString();

    public async Task<int> Add(bool careful)
    {
        state.State.Value++;
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException) when (careful)
        {
            return -1;
        }

        return state.State.Value;
    }

    public Task<(string Activation, int Value)> Read() => Task.FromResult((_id, state.State.Value));
}

/// <summary>
/// A write is conditional on the version that the activation read. The second of two writers gets InconsistentStateException
/// and changes nothing; if the grain lets it pass, Orleans deactivates the grain, so that the next call reads anew. RunGrain's
/// epoch and the commit of a checkpoint rest on it. RunGrain catches the exception, so it must deactivate itself.
/// </summary>
public class StorageConflictTests(TwoSilos silos)
{
    [Fact]
    public async Task The_second_writer_is_refused_and_its_activation_ends()
    {
        var grain = silos.From(0).GetGrain<IStoredProbe>("conflict@1");
        Assert.Equal(1, await grain.Add(careful: false));
        var before = await grain.Read();
        Assert.Equal(1, before.Value);
        await OvertakeAsync(grain, 100);

        var gone = silos.Cluster.WaitForDeactivationAsync(grain);
        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Add(careful: false));
        Assert.Contains("stored is version 2, the grain holds version 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(("2", "1"), (error.StoredEtag, error.CurrentEtag));
        await gone.SoonAsync();

        var after = await grain.Read();
        Assert.NotEqual(before.Activation, after.Activation);
        Assert.Equal(100, after.Value);
        Assert.Equal(101, await grain.Add(careful: false));
    }

    [Fact]
    public async Task A_grain_that_catches_the_exception_stays_with_what_it_holds()
    {
        var grain = silos.From(0).GetGrain<IStoredProbe>("caught@1");
        await grain.Add(careful: true);
        var before = await grain.Read();
        await OvertakeAsync(grain, 100);
        Assert.Equal(-1, await grain.Add(careful: true));
        Assert.Equal((before.Activation, 2), await grain.Read());
        Assert.Equal(-1, await grain.Add(careful: true));
    }

    [Fact]
    public async Task Of_many_writers_at_one_version_one_succeeds()
    {
        var id = silos.From(0).GetGrain<IStoredProbe>("race@0").GetGrainId();
        var writers = Enumerable.Range(0, 20).Select(writer => new GrainState<Tally>(new Tally { Value = writer })).ToArray();
        var errors = await Task.WhenAll(writers.Select((state, writer) =>
            Task.Run(async () => await Record.ExceptionAsync(() => Storage(writer % 2).WriteStateAsync("tally", id, state)))));
        Assert.Equal(19, errors.OfType<InconsistentStateException>().Count());
        var winner = Array.IndexOf(errors, null);
        Assert.Equal(winner, (await silos.From(1).GetGrain<IStoredProbe>("race@0").Read()).Value);
    }

    /// <summary>The other silo's storage, over the same file, writes as another activation would.</summary>
    private async Task OvertakeAsync(IStoredProbe grain, int value)
    {
        var state = new GrainState<Tally>();
        await Storage(0).ReadStateAsync("tally", grain.GetGrainId(), state);
        state.State!.Value = value;
        await Storage(0).WriteStateAsync("tally", grain.GetGrainId(), state);
    }

    private IGrainStorage Storage(int silo) =>
        Assert.IsType<SqliteGrainStorage>(silos.Services(silo).GetRequiredKeyedService<IGrainStorage>("Default"));
}
