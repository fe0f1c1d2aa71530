using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Madrl.Grains.Tests;

public class TelemetryTests
{
    [Fact]
    public async Task Spans_and_counters_tell_of_the_run_without_grain_keys()
    {
        var spans = new ConcurrentBag<Activity>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Instrumentation.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(traces);
        var measured = new ConcurrentBag<(string Name, double Value, KeyValuePair<string, object?>[] Tags)>();
        using var meters = new MeterListener { InstrumentPublished = Publish };
        meters.SetMeasurementEventCallback<long>((meter, value, tags, _) => measured.Add((meter.Name, value, tags.ToArray())));
        meters.SetMeasurementEventCallback<double>((meter, value, tags, _) => measured.Add((meter.Name, value, tags.ToArray())));
        meters.Start();

        await using var run = new TestRun(TestRun.Specify(iterations: 4, saveEvery: 2, shards: 2));
        await run.StartSiloAsync();
        run.Probe.Before = (name, number) =>
            (name, number) == ("LearnerGrain.Learn", 4) ? throw new InvalidOperationException("lost") : Task.CompletedTask;
        var status = await run.EndAsync();
        TestRun.Hash(status);
        await run.StopSiloAsync();

        // Iteration 3 failed; 2 and 3 were done again from the checkpoint.
        Assert.Equal(4 + 2, spans.Count(span => span.OperationName == "iteration"));
        Assert.Equal(2 * (4 + 2), spans.Count(span => span.OperationName == "collect"));
        Assert.Equal(4 + 1, spans.Count(span => span.OperationName == "learn"));
        Assert.Equal((4 + 2) * TestRun.StepsPerIteration, Sum("madrl.environment.steps"));
        Assert.Equal(status.Updates * 5 / 4, Sum("madrl.learner.updates"));
        Assert.Equal(5, measured.Count(item => item.Name == "madrl.learner.duration"));
        Assert.Equal(status.Calls.Values.Sum(), measured.Count(item => item.Name == "madrl.grain.calls"));
        Assert.Equal(status.MessageBytes, Sum("madrl.message.bytes"));
        Assert.All(measured, item => Assert.True(item.Value >= 0, item.Name));

        string[] attributes = [.. measured.SelectMany(item => item.Tags)
            .Concat(spans.SelectMany(span => span.TagObjects))
            .Select(tag => $"{tag.Key}={tag.Value}")];
        Assert.Contains("grain=AgentReplicaGrain", attributes);
        Assert.DoesNotContain(attributes, attribute => attribute.Contains(run.Specification.Run, StringComparison.Ordinal));
        Assert.DoesNotContain(attributes, attribute => attribute.Contains('/'));

        double Sum(string name) => measured.Where(item => item.Name == name).Sum(item => item.Value);

        static void Publish(Instrument instrument, MeterListener listener)
        {
            if (instrument.Meter.Name == Instrumentation.Name) listener.EnableMeasurementEvents(instrument);
        }
    }
}
