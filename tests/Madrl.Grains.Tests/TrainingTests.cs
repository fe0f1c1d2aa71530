using Madrl.Protocols.Runs;
using Orleans.Runtime;

namespace Madrl.Grains.Tests;

public class TrainingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Any_sharding_gives_the_weights_of_the_plain_loop(int shards)
    {
        await using var run = new TestRun(TestRun.Specify(shards: shards));
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
    }

    [Fact]
    public async Task Another_seed_gives_other_weights() => Assert.NotEqual(
        PlainRun.Hash(TestRun.Specify()), PlainRun.Hash(TestRun.Specify() with { Seed = 12 }));

    [Fact]
    public async Task Every_action_comes_from_a_call_to_a_replica()
    {
        const int Shards = 4;
        await using var run = new TestRun(TestRun.Specify(shards: Shards));
        var status = await run.EndAsync();
        Assert.Equal(RunPhase.Finished, status.Phase);

        var schedule = new RunSchedule(run.Specification, TestRun.EpisodeLimit);
        var evaluations = Enumerable.Range(0, (int)schedule.Iterations + 1).Count(iteration => schedule.EvaluatesAt(iteration));
        var episodes = schedule.Iterations + evaluations + 1; // The final test; the random and scripted player need no replica.
        var expected = TestRun.Agents * Shards * TestRun.EpisodeLimit * episodes;
        Assert.Equal(expected, run.Probe.Calls["AgentReplicaGrain.Act"]);
        Assert.Equal(expected, status.Calls["AgentReplicaGrain"]);
        Assert.Equal(Shards * schedule.Iterations, run.Probe.Calls["EnvironmentGrain.Collect"]);
        Assert.Equal(Shards * schedule.Iterations, run.Probe.Calls["LearnerGrain.Submit"]);

        var grains = await run.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        Assert.Equal(Shards, Activations(nameof(EnvironmentGrain)));
        Assert.Equal(Shards * TestRun.Agents, Activations(nameof(AgentReplicaGrain)));

        int Activations(string type) => grains.Count(grain => grain.GrainType.Contains(type, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_start_and_stop_answer_while_an_iteration_is_under_way()
    {
        var gate = new Gate();
        var compute = new HookedCompute { Before = (iteration, _) => iteration == 1 ? gate.PassAsync() : Task.CompletedTask };
        await using var run = new TestRun(TestRun.Specify(iterations: 50, saveEvery: 50));
        await run.StartSiloAsync(compute.Register);
        await run.Grain.Start(run.Specification.ToJson());
        await gate.Reached;

        var status = await run.Grain.GetStatus();
        Assert.Equal((RunPhase.Running, "learning", 1, null),
            (status.Phase, status.Activity, status.Iteration, status.Committed));
        await run.Grain.Start(run.Specification.ToJson());
        await run.Grain.Stop();
        gate.Open();

        status = await run.EndedAsync();
        Assert.Equal((RunPhase.Stopped, 2, 2), (status.Phase, status.Iteration, status.Committed));
    }

    [Fact]
    public async Task A_stopped_run_goes_on_to_the_undisturbed_weights()
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 5, saveEvery: 5));
        await run.StartSiloAsync();
        run.Probe.Before = (name, number) =>
            (name, number) == ("LearnerGrain.Learn", 3) ? run.Grain.Stop() : Task.CompletedTask;
        Assert.Equal((RunPhase.Stopped, 3), ((await run.EndAsync()).Phase, (await run.Grain.GetStatus()).Iteration));
        await run.StopSiloAsync();
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
    }

    [Fact]
    public async Task A_run_that_is_resumed_before_it_has_stopped_goes_on()
    {
        var gate = new Gate();
        var compute = new HookedCompute { Before = (iteration, _) => iteration == 1 ? gate.PassAsync() : Task.CompletedTask };
        await using var run = new TestRun(TestRun.Specify(iterations: 4, saveEvery: 4));
        await run.StartSiloAsync(compute.Register);
        await run.Grain.Start(run.Specification.ToJson());
        await gate.Reached;
        await run.Grain.Stop();
        await Assert.ThrowsAsync<RunUnavailableException>(() => run.Grain.Delete());
        await run.Grain.Start(run.Specification.ToJson());
        gate.Open();
        await run.EndedAsync();
        while ((await run.Grain.GetStatus()) is { Phase: not RunPhase.Finished } or { Active: true }) await Task.Yield();
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.Grain.GetStatus()));
    }

    [Fact]
    public async Task A_specification_that_cannot_be_used_changes_nothing()
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 1));
        await run.StartSiloAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => run.Grain.Start("{}"));
        await Assert.ThrowsAsync<ArgumentException>(() => run.Grain.Start((run.Specification with { Task = "none" }).ToJson()));
        await Assert.ThrowsAsync<ArgumentException>(() => run.Grain.Start((run.Specification with { Run = "other" }).ToJson()));
        Assert.Equal(RunPhase.Finished, (await run.EndAsync()).Phase);
        await Assert.ThrowsAsync<ArgumentException>(() => run.Grain.Start((run.Specification with { Seed = 1 }).ToJson()));
    }
}
