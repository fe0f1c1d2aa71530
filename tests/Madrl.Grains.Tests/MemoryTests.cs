using System.Diagnostics;
using TorchSharp;

namespace Madrl.Grains.Tests;

/// <summary>A run takes no more memory the longer it trains.</summary>
public class MemoryTests(ITestOutputHelper output)
{
    private const int WarmUp = 100;
    private const int Iterations = 500;
    private const double MaxGrowth = 24;

    [Fact]
    public async Task Resident_memory_and_tensors_stay_flat()
    {
        var samples = new List<(long Tensors, double Megabytes)>();
        var compute = new HookedCompute
        {
            Before = (iteration, _) =>
            {
                if (iteration is WarmUp or Iterations - 1) samples.Add(Sample());
                return Task.CompletedTask;
            },
        };
        await using var run = new TestRun(TestRun.Specify(iterations: Iterations, saveEvery: Iterations / 5));
        TestRun.Hash(await run.EndAsync(compute.Register));

        var (start, end) = (samples[0], samples[1]);
        output.WriteLine($"tensors {start.Tensors} -> {end.Tensors}, resident {start.Megabytes:F1} -> {end.Megabytes:F1} MB");
        Assert.True(start.Tensors > 0);
        Assert.Equal(start.Tensors, end.Tensors);
        Assert.InRange(end.Megabytes - start.Megabytes, double.NegativeInfinity, MaxGrowth);
    }

    private static (long Tensors, double Megabytes) Sample()
    {
        var tensors = torch.Tensor.TotalCount; // Before finalisers hide what nobody disposed of.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return (tensors, process.WorkingSet64 / 1e6);
    }
}
