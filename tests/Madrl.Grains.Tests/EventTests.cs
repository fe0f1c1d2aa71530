using Madrl.Grains.Abstractions;
using Orleans.Runtime;
using Orleans.Streams;

namespace Madrl.Grains.Tests;

public class EventTests
{
    [Fact]
    public async Task A_subscriber_gets_the_events_in_order_and_a_reader_the_rest()
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 4, saveEvery: 2) with { EvaluateEvery = 1 });
        await run.StartSiloAsync();
        var (received, last) = (new List<EventMessage>(), new TaskCompletionSource());
        var stream = run.Client.GetStreamProvider(IMetricsGrain.StreamProvider)
            .GetStream<EventMessage>(StreamId.Create(IMetricsGrain.StreamNamespace, run.Specification.Run));
        await stream.SubscribeAsync((message, _) =>
        {
            received.Add(message);
            if (message.Type == "finished") last.TrySetResult();
            return Task.CompletedTask;
        });

        await run.EndAsync();
        await last.Task.WaitAsync(Limits.Hang);
        Assert.All(received, (message, index) => Assert.Equal(index + 1, message.Sequence));
        Assert.Equal(
        [
            "evaluation 0", "evaluation 1", "evaluation 2", "checkpoint 2",
            "evaluation 3", "evaluation 4", "checkpoint 4", "finished 4",
        ],
            received.Where(message => message.Type != "progress").Select(message => $"{message.Type} {message.Iteration}"));

        var metrics = run.Client.GetGrain<IMetricsGrain>(run.Specification.Run);
        Assert.Equal(received, await metrics.Read(0));
        Assert.Equal(received[3..], await metrics.Read(3));
        Assert.Empty(await metrics.Read(received.Count));
        await run.StopSiloAsync();
        Assert.Equal(received.Select(message => message.Json), await File.ReadAllLinesAsync(run.Folder.MetricsPath));
        Assert.Equal(received[^1].Json + "\n", await File.ReadAllTextAsync(run.Folder.SummaryPath));
    }
}
