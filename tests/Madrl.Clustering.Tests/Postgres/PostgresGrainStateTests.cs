using Orleans.Runtime;
using Orleans.Storage;

namespace Madrl.Clustering.Tests.Postgres;

[GenerateSerializer]
public sealed record Note(string Text, double[] Numbers)
{
    public Note() : this("", [])
    {
    }
}

public interface IPostgresNoteGrain : IGrainWithStringKey
{
    Task Write(Note note);

    Task<(Note Note, bool Exists, string? Etag)> Read();

    Task Clear();
}

public sealed class PostgresNoteGrain([PersistentState("note")] IPersistentState<Note> state) : Grain, IPostgresNoteGrain
{
    public Task Write(Note note)
    {
        state.State = note;
        return state.WriteStateAsync();
    }

    public async Task<(Note Note, bool Exists, string? Etag)> Read()
    {
        await state.ReadStateAsync();
        return (state.State, state.RecordExists, state.Etag);
    }

    public Task Clear() => state.ClearStateAsync();
}

/// <summary>Two silos on one database.</summary>
public sealed class TwoPostgresSilos(Databases databases) : IAsyncLifetime
{
    public string Database { get; private set; } = "";

    public PostgresSilo[] Silos { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Database = await databases.CreateAsync();
        await PostgresSchema.EnsureAsync(Database);
        Silos = [await PostgresSilo.StartAsync(Database, new Sightings()), await PostgresSilo.StartAsync(Database, new Sightings())];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos) await silo.DisposeAsync();
    }
}

public class PostgresGrainStateTests(TwoPostgresSilos silos) : IClassFixture<TwoPostgresSilos>
{
    private const int Rounds = 300;

    [Theory]
    [InlineData("run 1")]
    [InlineData("run'1\"\\%;--@GrainIdN0")]
    [InlineData("Lauf ü 走")]
    [InlineData("10")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public async Task What_is_written_is_read_also_after_a_clear(string key)
    {
        var grain = silos.Silos[0].Grains.GetGrain<IPostgresNoteGrain>(key);
        Assert.Equal(("", false, null), await ReadAsync(grain));
        await grain.Write(new Note("first ü", [0.1, double.MinValue]));
        Assert.Equal(("first ü", true, "1"), await ReadAsync(grain));
        Assert.Equal(new[] { 0.1, double.MinValue }, (await grain.Read()).Note.Numbers);
        await grain.Write(new Note("second", []));
        Assert.Equal(("second", true, "2"), await ReadAsync(grain));
        await grain.Clear();
        Assert.Equal(("", false, "3"), await ReadAsync(grain));
        await grain.Write(new Note("third", []));
        Assert.Equal(("third", true, "4"), await ReadAsync(grain));
    }

    [Fact]
    public async Task A_state_of_eight_megabytes_comes_back_whole()
    {
        var numbers = Enumerable.Range(0, 1 << 20).Select(number => number / 3.0).ToArray();
        var id = silos.Silos[0].Grains.GetGrain<IPostgresNoteGrain>("large").GetGrainId();
        await silos.Silos[0].Storage.WriteStateAsync("note", id, new GrainState<Note>(new Note("large", numbers)));
        Assert.Equal(numbers, (await ReadAsync(id)).State!.Numbers);
    }

    [Fact]
    public async Task Of_writers_who_hold_one_version_exactly_one_wins()
    {
        var id = silos.Silos[0].Grains.GetGrain<IPostgresNoteGrain>("raced").GetGrainId();
        for (var round = 1; round <= Rounds; round++)
        {
            var before = (await ReadAsync(id)).ETag;
            Assert.Equal(round == 1 ? null : $"{round - 1}", before);
            var winner = await RaceAsync(id, before, round);
            Assert.Equal(($"{winner}", $"{round}"), ((await ReadAsync(id)).State!.Text, (await ReadAsync(id)).ETag));
        }
    }

    [Fact]
    public async Task Of_writers_who_have_read_nothing_exactly_one_wins()
    {
        for (var round = 1; round <= Rounds; round++)
        {
            var id = silos.Silos[0].Grains.GetGrain<IPostgresNoteGrain>($"first of {round}").GetGrainId();
            Assert.Equal($"{await RaceAsync(id, null, round)}", (await ReadAsync(id)).State!.Text);
        }
    }

    [Fact]
    public async Task A_version_that_is_not_stored_is_refused()
    {
        var (storage, id) = (silos.Silos[0].Storage, silos.Silos[0].Grains.GetGrain<IPostgresNoteGrain>("stale").GetGrainId());
        var invented = new GrainState<Note>(new Note("invented", [])) { ETag = "1", RecordExists = true };
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", id, invented));

        var stale = new GrainState<Note>(new Note("one", []));
        await storage.WriteStateAsync("note", id, stale);
        var other = await ReadAsync(id);
        await silos.Silos[1].Storage.ClearStateAsync("note", id, other);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", id, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", id, stale));
        Assert.Equal((false, "2"), ((await ReadAsync(id)).RecordExists, (await ReadAsync(id)).ETag));
    }

    /// <summary>Orleans' provider does this before any statement: keys must differ as numbers, not only as texts.</summary>
    [Fact]
    public async Task Keys_that_are_the_same_hexadecimal_number_share_their_state()
    {
        await silos.Silos[0].Grains.GetGrain<IPostgresNoteGrain>("bad").Write(new Note("shared", []));
        Assert.Equal(("shared", true, "1"), await ReadAsync(silos.Silos[1].Grains.GetGrain<IPostgresNoteGrain>("0BAD")));
        Assert.Equal(("", false, null), await ReadAsync(silos.Silos[1].Grains.GetGrain<IPostgresNoteGrain>("run-bad")));
    }

    /// <summary>Four writers, two in each silo, write at once, now one silo's first and now the other's.</summary>
    /// <returns>Who won.</returns>
    private async Task<int> RaceAsync(GrainId id, string? etag, int round)
    {
        var errors = await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () => await Record.ExceptionAsync(() =>
            silos.Silos[(writer + round) % 2].Storage.WriteStateAsync(
                "note", id, new GrainState<Note>(new Note($"{writer}", [])) { ETag = etag, RecordExists = etag is not null })))));
        Assert.Equal(3, errors.OfType<InconsistentStateException>().Count());
        return Array.IndexOf(errors, null);
    }

    private async Task<GrainState<Note>> ReadAsync(GrainId id)
    {
        var state = new GrainState<Note>();
        await silos.Silos[1].Storage.ReadStateAsync("note", id, state);
        return state;
    }

    private static async Task<(string Text, bool Exists, string? Etag)> ReadAsync(IPostgresNoteGrain grain)
    {
        var (note, exists, etag) = await grain.Read();
        return (note.Text, exists, etag);
    }
}
