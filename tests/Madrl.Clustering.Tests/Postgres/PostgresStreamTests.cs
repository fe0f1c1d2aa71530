using System.Globalization;
using Npgsql;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Streams;

namespace Madrl.Clustering.Tests.Postgres;

public interface IPostgresConsumerGrain : IGrainWithStringKey
{
    Task Subscribe();
}

/// <summary>Takes up its stored subscription wherever it is activated; cannot bear <see cref="Poison"/>.</summary>
[PreferLocalPlacement]
public sealed class PostgresConsumerGrain(Sightings sightings) : Grain, IPostgresConsumerGrain, IAsyncObserver<int>
{
    public const int Poison = -1;

    private IAsyncStream<int> Stream =>
        this.GetStreamProvider(PostgresSilo.Streams).GetStream<int>(StreamId.Create("numbers", this.GetPrimaryKeyString()));

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in await Stream.GetAllSubscriptionHandles()) await subscription.ResumeAsync(this);
    }

    public Task Subscribe() => Stream.SubscribeAsync(this);

    public Task OnNextAsync(int item, StreamSequenceToken? token = null)
    {
        if (item == Poison) throw new InvalidOperationException("poison");
        sightings.Add(this.GetPrimaryKeyString(), $"{item}");
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}

public interface IPostgresProducerGrain : IGrainWithStringKey
{
    Task Produce(string key, int from, int to);
}

[PreferLocalPlacement]
public sealed class PostgresProducerGrain : Grain, IPostgresProducerGrain
{
    public async Task Produce(string key, int from, int to)
    {
        var stream = this.GetStreamProvider(PostgresSilo.Streams).GetStream<int>(StreamId.Create("numbers", key));
        for (var item = from; item <= to; item++) await stream.OnNextAsync(item);
    }
}

public class PostgresStreamTests(Databases databases)
{
    [Fact]
    public async Task A_stream_keeps_its_order_and_its_subscription_outlives_the_consumers_silo_and_all_silos()
    {
        var sightings = new Sightings();
        var database = await databases.CreateAsync();
        await PostgresSchema.EnsureAsync(database);
        var first = await PostgresSilo.StartAsync(database, sightings);
        var second = await PostgresSilo.StartAsync(database, sightings);
        var keys = new[] { "a", "b", "c" };
        foreach (var key in keys) await second.Grains.GetGrain<IPostgresConsumerGrain>(key).Subscribe();

        // From both silos at once, so that numbers of messages are taken side by side.
        await Task.WhenAll(keys.Select((key, number) => ProduceAsync(number == 0 ? second : first, key, 1, 200)));
        await SeenAsync(sightings, keys, 200);
        Assert.All(keys, key => Assert.Equal(Numbers(1, 200), sightings.Of(key)));

        await second.StopAsync();
        await Task.WhenAll(keys.Select(key => ProduceAsync(first, key, 201, 300)));
        await SeenAsync(sightings, keys, 300);
        await first.StopAsync();

        // Put there by a silo of which no consumer is left when it has gone; the next one delivers it.
        var third = await PostgresSilo.StartAsync(database, sightings);
        await Task.WhenAll(keys.Select(key => ProduceAsync(third, key, 301, 400)));
        await third.KillAsync();
        await using var fourth = await PostgresSilo.StartAsync(database, sightings);
        await SeenAsync(sightings, keys, 400);

        // Each at least once; none before those that were produced earlier.
        Assert.All(keys, key => Assert.Equal(Numbers(1, 300), sightings.Of(key).Distinct().Take(300)));
        Assert.All(keys, key => Assert.Equal(Numbers(1, 400), sightings.Of(key).Distinct().OrderBy(Number)));
        await Eventually.IsAsync("all are confirmed", async () => await CountAsync(database, "OrleansStreamMessage") == 0);
        Assert.Equal(0, await CountAsync(database, "OrleansStreamDeadLetter"));
    }

    [Fact]
    public async Task What_cannot_be_delivered_becomes_a_dead_letter_and_those_after_it_arrive()
    {
        var sightings = new Sightings();
        var database = await databases.CreateAsync();
        await PostgresSchema.EnsureAsync(database);
        await using var silo = await PostgresSilo.StartAsync(database, sightings);
        await silo.Grains.GetGrain<IPostgresConsumerGrain>("poisoned").Subscribe();
        await ProduceAsync(silo, "poisoned", PostgresConsumerGrain.Poison, 5);
        await SeenAsync(sightings, ["poisoned"], 5);
        await Eventually.IsAsync("the poison is dead", async () => await CountAsync(database, "OrleansStreamDeadLetter") == 1);
        Assert.Equal(5, await database.ScalarAsync<int>("SELECT Dequeued FROM OrleansStreamDeadLetter"));
        Assert.Equal(Numbers(0, 6), sightings.Of("poisoned").Distinct().OrderBy(Number));
    }

    [Fact]
    public async Task What_is_taken_is_hidden_until_it_is_given_back_and_what_is_too_old_is_buried()
    {
        var database = await databases.CreateAsync();
        await PostgresSchema.EnsureAsync(database);
        await using var queue = new Queue(database);
        foreach (var expiry in new[] { 600, 600, 0 }) await queue.PutAsync(expiry);
        Assert.Equal(new long[] { 1, 2 }, await queue.TakeAsync());
        Assert.Equal(1, await CountAsync(database, "OrleansStreamDeadLetter"));
        Assert.Empty(await queue.TakeAsync());

        // Another's receipt confirms nothing.
        Assert.Equal(new long[] { 1 }, await queue.ConfirmAsync("1:1|2:2|9:1"));
        Assert.Equal(new long[] { 2 }, await queue.ConfirmAsync("2:-1"));
        Assert.Equal(new long[] { 2 }, await queue.TakeAsync());
        Assert.Equal(new long[] { 2 }, await queue.ConfirmAsync("2:2"));
        Assert.Equal(0, await CountAsync(database, "OrleansStreamMessage"));
    }

    [Fact]
    public async Task Numbers_of_messages_become_visible_in_their_order()
    {
        var database = await databases.CreateAsync();
        await PostgresSchema.EnsureAsync(database);
        await using var queue = new Queue(database);
        var putting = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var message = 0; message < 250; message++) await queue.PutAsync(600);
        })));
        var taken = new List<long>();
        while (taken.Count < 1000 && !putting.IsFaulted) taken.AddRange(await queue.TakeAsync());
        await putting;
        Assert.Equal(Enumerable.Range(1, 1000).Select(number => (long)number), taken);
    }

    private static Task ProduceAsync(PostgresSilo silo, string key, int from, int to) =>
        silo.Grains.GetGrain<IPostgresProducerGrain>($"{silo.Address} {key}").Produce(key, from, to);

    private static Task SeenAsync(Sightings sightings, string[] keys, int count) => Eventually.IsAsync(
        $"{count} arrive", () => Task.FromResult(keys.All(key => sightings.Of(key).Distinct().Count() >= count)));

    private static IEnumerable<string> Numbers(int from, int count) =>
        Enumerable.Range(from, count).Select(number => number.ToString(CultureInfo.InvariantCulture));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Task<long> CountAsync(string database, string table) => database.ScalarAsync<long>($"SELECT count(*) FROM {table}");

    /// <summary>Runs the stored statements as Orleans' provider does.</summary>
    private sealed class Queue(string database) : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(database);

        public async Task<long> PutAsync(int expiry) =>
            Assert.Single(await RunAsync("QueueStreamMessageKey", ("Payload", new byte[] { 1 }), ("ExpiryTimeout", expiry)));

        public async Task<long[]> TakeAsync() => [.. (await RunAsync(
            "GetStreamMessagesKey", ("MaxCount", 100), ("MaxAttempts", 5), ("VisibilityTimeout", 600), ("RemovalTimeout", 600),
            ("EvictionInterval", 0), ("EvictionBatchSize", 100))).Order()];

        public Task<long[]> ConfirmAsync(string items) => RunAsync("ConfirmStreamMessagesKey", ("Items", items));

        public ValueTask DisposeAsync() => _source.DisposeAsync();

        private async Task<long[]> RunAsync(string key, params (string Name, object Value)[] parameters)
        {
            await using var lookup = _source.CreateCommand($"SELECT QueryText FROM OrleansQuery WHERE QueryKey = '{key}'");
            await using var command = _source.CreateCommand((string)(await lookup.ExecuteScalarAsync())!);
            foreach (var (name, value) in parameters.Concat([("ServiceId", "s"), ("ProviderId", "p"), ("QueueId", "q")]))
                command.Parameters.AddWithValue(name, value);
            var messages = new List<long>();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) messages.Add((long)reader["MessageId"]);
            return [.. messages];
        }
    }
}
