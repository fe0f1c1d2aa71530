using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Grains.Tests;

/// <summary>Off-policy learning through the grains: the plain loop's weights to the bit, whatever happens on the way.</summary>
public class ReplayTests
{
    public static TheoryData<string, string, int> Cases => new()
    {
        { "maddpg", "discrete", 1 }, { "maddpg", "discrete", 2 }, { "maddpg", "discrete", 4 },
        { "maddpg", "continuous", 2 }, { "iddpg", "discrete", 3 }, { "iddpg", "continuous", 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Any_sharding_gives_the_weights_of_the_plain_loop(string algorithm, string actions, int shards)
    {
        await using var run = new TestRun(Specify(algorithm, actions, shards));
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
        Assert.Equal(shards * 8, run.Probe.Calls["ReplayGrain.Append"]);
        Assert.False(run.Probe.Calls.ContainsKey("LearnerGrain.Submit"));
    }

    [Fact]
    public async Task Whole_episodes_are_replayed_too()
    {
        var specification = Specify("maddpg", "discrete", 2) with
        {
            Learning = new() { ["fidelity"] = "epymarl", ["hidden"] = "16", ["batch"] = "8" },
        };
        await using var run = new TestRun(specification);
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
    }

    [Fact]
    public async Task A_run_that_goes_back_draws_the_same_again()
    {
        await using var run = new TestRun(Specify("maddpg", "discrete", 2));
        await run.StartSiloAsync();
        run.Probe.Before = (name, number) => (name, number) switch
        {
            ("ReplayGrain.Gather", 3) or ("ReplayGrain.Append", 9) or ("LearnerGrain.Stored", 12) => throw new InvalidOperationException("made to fail"),
            _ => Task.CompletedTask,
        };
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
        Assert.True(TestRun.State(await run.Grain.GetStatus()).Epoch > 3);
    }

    [Fact]
    public async Task A_time_out_in_the_middle_of_learning_repeats_no_update()
    {
        await using var run = new TestRun(Specify("maddpg", "discrete", 1));
        await run.StartSiloAsync();
        run.Probe.Before = (name, number) =>
            (name, number) == ("ReplayGrain.Gather", 7) ? throw new TimeoutException("made to time out") : Task.CompletedTask;
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
    }

    [Fact]
    public async Task A_stopped_run_goes_on_to_the_undisturbed_weights_and_its_files_are_written_once()
    {
        await using var run = new TestRun(Specify("maddpg", "discrete", 2));
        await run.StartSiloAsync();
        run.Probe.Before = (name, number) => (name, number) == ("LearnerGrain.Learn", 5) ? run.Grain.Stop() : Task.CompletedTask;
        var stopped = await run.EndAsync();
        Assert.Equal((RunPhase.Stopped, 5), (stopped.Phase, stopped.Iteration));
        await run.StopSiloAsync();
        var segments = Directory.GetFiles(run.Folder.CheckpointsPath, "replay-*", SearchOption.AllDirectories)
            .ToDictionary(file => file, File.GetLastWriteTimeUtc);
        Assert.Equal(6, segments.Count); // Two shards at iterations 2, 4 and 5.

        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
        Assert.All(segments, segment => Assert.Equal(segment.Value, File.GetLastWriteTimeUtc(segment.Key)));
    }

    private static RunSpecification Specify(string algorithm, string actions, int shards) =>
        TestRun.Specify(iterations: 8, saveEvery: 2, shards) with
        {
            Algorithm = algorithm,
            Game = new() { ["actions"] = actions },
            Learning = new() { ["hidden"] = "16", ["batch"] = "32", ["update-every"] = "100", ["warm-up"] = "900", ["capacity"] = "2000" },
        };
}
