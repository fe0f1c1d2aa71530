using System.Diagnostics;
using TorchSharp;

namespace Madrl.Grains.Tests;

/// <summary>A run takes no more memory the longer it trains.</summary>
public class MemoryTests(ITestOutputHelper output)
{
    private const int Interval = 100;
    private const int Iterations = 500;
    private const int Copies = 4;

    /// <summary>Most growth after the first interval, in MB: a new arena or a recompiled method may come late, once.</summary>
    private const double MaxGrowth = 48;

    /// <summary>
    /// A leak grows in every interval; the one that grows least may do so by this, in MB: compiled code still adds 1 to 2,
    /// while one gradient left behind per update would add 24.
    /// </summary>
    private const double MaxLeastGrowth = 6;

    [Fact]
    public async Task Resident_memory_and_tensors_stay_flat()
    {
        var samples = new List<(long Tensors, double Megabytes)>();
        var compute = new HookedCompute
        {
            Before = (iteration, _) =>
            {
                if (iteration > 0 && (iteration % Interval == 0 || iteration == Iterations - 1)) samples.Add(Sample());
                return Task.CompletedTask;
            },
        };
        var specification = TestRun.Specify() with
        {
            Copies = Copies,
            Steps = (long)Iterations * Copies * TestRun.EpisodeLimit,
            CheckpointEvery = (long)Interval * Copies * TestRun.EpisodeLimit,
            EvaluateEvery = long.MaxValue,
        };
        await using var run = new TestRun(specification);
        TestRun.Hash(await run.EndAsync(compute.Register));

        output.WriteLine(string.Join(", ", samples.Select(sample => $"{sample.Tensors} tensors {sample.Megabytes:F1} MB")));
        Assert.Equal(Iterations / Interval, samples.Count);
        Assert.All(samples, sample => Assert.Equal(samples[0].Tensors, sample.Tensors));
        var growth = samples.Zip(samples.Skip(1), (before, after) => after.Megabytes - before.Megabytes).ToArray();
        Assert.InRange(growth.Sum(), double.NegativeInfinity, MaxGrowth);
        Assert.InRange(growth.Min(), double.NegativeInfinity, MaxLeastGrowth);
    }

    private static (long Tensors, double Megabytes) Sample()
    {
        var tensors = torch.Tensor.TotalCount; // Before finalisers hide what nobody disposed of.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return (tensors, process.WorkingSet64 / 1e6);
    }
}
