using Madrl.Grains.Abstractions;
using Madrl.Protocols.Runs;

namespace Madrl.Grains.Tests;

public class EventTests
{
    [Fact]
    public async Task A_reader_gets_the_events_in_order_and_a_new_silo_still_has_them()
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 4, saveEvery: 2) with { EvaluateEvery = 1 });
        await run.StartSiloAsync();
        await run.EndAsync();
        var metrics = run.Client.GetGrain<IMetricsGrain>(run.Specification.Run);
        var events = await metrics.Read(0);
        Assert.All(events, (message, index) => Assert.Equal(NumberedEvent.FirstOf(1) + index, message.Sequence));
        Assert.Equal(
        [
            "evaluation 0", "evaluation 1", "evaluation 2", "checkpoint 2",
            "evaluation 3", "evaluation 4", "checkpoint 4", "finished 4",
        ],
            events.Where(message => message.Type != "progress").Select(message => $"{message.Type} {message.Iteration}"));
        Assert.Equal(events[3..], await metrics.Read(events[2].Sequence));
        Assert.Empty(await metrics.Read(events[^1].Sequence));
        await run.StopSiloAsync();
        Assert.Equal(events.Select(message => message.Json), await File.ReadAllLinesAsync(run.Folder.MetricsPath));
        Assert.Equal(events[^1].Json + "\n", await File.ReadAllTextAsync(run.Folder.SummaryPath));

        await run.StartSiloAsync();
        var read = await run.Client.GetGrain<IMetricsGrain>(run.Specification.Run).Read(0);
        Assert.Equal(events, read);
    }
}
