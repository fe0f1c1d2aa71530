using System.Globalization;
using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;

namespace Madrl.Learning.Tests;

/// <summary>Thousands of updates leave no native memory behind. Measured in a process of its own, where nothing else takes any.</summary>
public class NativeMemoryTests(ITestOutputHelper output)
{
    private const int WarmUp = 2_000, Updates = 10_000, Spans = 2;

    /// <summary>A learner that forgets one tensor of eight numbers in every update takes 3 MB; one that forgets none took 0.1 to 0.2.</summary>
    private const long MostGrowth = 2 << 20;

    [Fact]
    public async Task Ten_thousand_updates_leave_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The kernel's figure is read from /proc.");
        if (ChildProcess.IsThis) Measure();
        else await ChildProcess.RunAsync(typeof(NativeMemoryTests), 1);
    }

    private void Measure()
    {
        var agent = new AgentSpec("agent", 3, new ActionSpace.Discrete(2));
        var game = new GameSpec("test", "", [agent, agent], 4, 1, "");
        using var learner = new DdpgLearner(game, ActionCriticView.All, new DdpgOptions { Hidden = 4 }, seed: 1, threads: 1);
        Rollout[] played = [new(game, 1)];
        played[0].Lengths.AsSpan().Fill(1);
        var update = 0;
        for (; update < WarmUp; update++) learner.Learn(played, update, 0);

        // What leaks leaks in every span; code that a loaded machine compiles late is compiled in one.
        var least = long.MaxValue;
        for (var span = 0; span < Spans; span++)
        {
            var before = Resident();
            for (var end = update + Updates; update < end; update++) learner.Learn(played, update, 0);
            var growth = Resident() - before;
            output.WriteLine($"grew by {growth} from {before} bytes");
            least = Math.Min(least, growth);
        }

        Assert.True(least < MostGrowth, $"{Updates} updates took {least} bytes of memory for good.");
    }

    /// <summary>Bytes of this process in memory, after a collection that gives back what the managed heap keeps in reserve.</summary>
    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
