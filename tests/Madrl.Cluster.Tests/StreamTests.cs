using Orleans.Runtime;
using Orleans.Streams;

namespace Madrl.Cluster.Tests;

public interface IConsumerProbe : IGrainWithStringKey
{
    Task<int[]> Received();
}

/// <summary>Activated by the first message of the stream that has its key.</summary>
[ImplicitStreamSubscription(StreamTests.Implicit), PlaceByKey]
public sealed class ConsumerProbe(Stage stage) : Grain, IConsumerProbe, IAsyncObserver<int>
{
    private readonly List<int> _received = [];

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var provider in new[] { StreamTests.OneQueue, StreamTests.FourQueues })
        {
            var stream = this.GetStreamProvider(provider).GetStream<int>(StreamId.Create(StreamTests.Implicit, this.GetPrimaryKeyString()));
            foreach (var handle in await stream.GetAllSubscriptionHandles()) await handle.ResumeAsync(this);
        }
    }

    public Task OnNextAsync(int item, StreamSequenceToken? token = null)
    {
        _received.Add(item);
        if (item == StreamTests.Last) stage.Reach($"all/{this.GetPrimaryKeyString()}");
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task<int[]> Received() => Task.FromResult(_received.ToArray());
}

public interface IProducerProbe : IGrainWithStringKey
{
    Task Produce(string provider, string streamNamespace, string key, int from, int to);
}

[PlaceByKey]
public sealed class ProducerProbe : Grain, IProducerProbe
{
    public async Task Produce(string provider, string streamNamespace, string key, int from, int to)
    {
        var stream = this.GetStreamProvider(provider).GetStream<int>(StreamId.Create(streamNamespace, key));
        for (var item = from; item <= to; item++) await stream.OnNextAsync(item);
    }
}

/// <summary>
/// A grain with an implicit subscription is activated by the first message of its stream. A stream keeps the order of one
/// producer, whatever silos producer and consumer are on. Messages between agents will rest on it;
/// a client subscribes explicitly. Memory streams are drained on the real clock.
/// </summary>
public class StreamTests(TwoSilos silos)
{
    public const string OneQueue = "one-queue";

    public const string Implicit = "implicit", FourQueues = "four-queues";
    public const int Last = 1000;

    [Theory]
    [InlineData(OneQueue)]
    [InlineData(FourQueues)]
    public async Task The_first_message_activates_the_consumer_and_a_thousand_stay_in_order(string provider)
    {
        var keys = Enumerable.Range(0, 4).Select(number => $"{provider}-{number}@{number % 2}").ToArray();
        await Task.WhenAll(keys.Select((key, number) =>
            silos.Client.GetGrain<IProducerProbe>($"{key}-from@{number / 2}").Produce(provider, Implicit, key, 1, Last))).SoonAsync();
        foreach (var key in keys)
        {
            await silos.Stage.WaitAsync($"all/{key}");
            Assert.Equal(Enumerable.Range(1, Last), await silos.Client.GetGrain<IConsumerProbe>(key).Received());
        }
    }

    [Fact]
    public async Task A_consumer_that_was_deactivated_is_activated_again_by_the_next_message()
    {
        const string Key = "renewed@1";
        var producer = silos.Client.GetGrain<IProducerProbe>("renewing@0");
        await producer.Produce(OneQueue, Implicit, Key, 1, Last);
        await silos.Stage.WaitAsync($"all/{Key}");
        var consumer = silos.Client.GetGrain<IConsumerProbe>(Key);
        await silos.Cluster.DeactivateAsync(consumer).SoonAsync();
        await producer.Produce(OneQueue, Implicit, Key, Last + 1, Last + 1);
        await producer.Produce(OneQueue, Implicit, Key, Last, Last);

        // Reached by the first batch already: ask until the new activation has it; each question is a call, none a sleep.
        int[] received;
        do
        {
            received = await consumer.Received().SoonAsync();
        }
        while (received.Length < 2);
        Assert.Equal([Last + 1, Last], received);
    }

    [Fact]
    public async Task A_client_that_subscribed_gets_every_message_in_order_until_it_unsubscribes()
    {
        var received = new List<int>();
        var all = new TaskCompletionSource();
        var stream = silos.Client.GetStreamProvider(OneQueue).GetStream<int>(StreamId.Create("explicit", "watched"));
        var subscription = await stream.SubscribeAsync((item, _) =>
        {
            received.Add(item);
            if (item == Last) all.SetResult();
            return Task.CompletedTask;
        });
        var producer = silos.Client.GetGrain<IProducerProbe>("watched-from@1");
        await producer.Produce(OneQueue, "explicit", "watched", 1, Last).SoonAsync();
        await all.Task.SoonAsync();
        Assert.Equal(Enumerable.Range(1, Last), received);
        await subscription.UnsubscribeAsync();
        Assert.Empty(await stream.GetAllSubscriptionHandles());
    }
}
