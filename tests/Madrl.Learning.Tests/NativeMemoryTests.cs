using System.Globalization;
using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;

namespace Madrl.Learning.Tests;

/// <summary>Thousands of updates leave no native memory behind. Measured in a process of its own, where nothing else takes any.</summary>
public class NativeMemoryTests(ITestOutputHelper output)
{
    private const int WarmUp = 2_000, Updates = 10_000;

    /// <summary>A learner that forgets one tensor of eight numbers in every update takes 3 MB; one that forgets none took 0.2 to 0.4.</summary>
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
        for (var update = 0; update < WarmUp; update++) learner.Learn(played, update, 0);
        var before = Resident();
        for (var update = WarmUp; update < Updates; update++) learner.Learn(played, update, 0);
        var growth = Resident() - before;
        output.WriteLine($"grew by {growth} from {before} bytes");
        Assert.True(growth < MostGrowth, $"{Updates - WarmUp} updates took {growth} bytes of memory for good.");
    }

    /// <summary>Bytes of this process in memory, after a collection.</summary>
    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
