using Madrl.Grains.Abstractions;
using Orleans.Core.Internal;

namespace Madrl.Grains.Tests;

/// <summary>Calls that fail and grains that are lost in mid-run: it goes back to a checkpoint and to the same weights.</summary>
public class DisturbanceTests
{
    private static readonly Lazy<Task<string>> Undisturbed = new(() => Task.Run(() => PlainRun.Hash(TestRun.Specify(shards: 2))));

    [Fact]
    public async Task A_call_that_fails_takes_the_run_back_to_its_checkpoint()
    {
        int calls;
        await using (var undisturbed = new TestRun(TestRun.Specify(shards: 2)))
        {
            Assert.Equal(await Undisturbed.Value, TestRun.Hash(await undisturbed.EndAsync()));
            calls = undisturbed.Probe.TeamCalls;
        }

        foreach (var failing in (int[])[1, 2, 3, 7, calls / 4, calls / 2, 3 * calls / 4, calls - 4])
        {
            await using var run = new TestRun(TestRun.Specify(shards: 2));
            await run.StartSiloAsync();
            run.Probe.FailingCall = failing;
            var status = await run.EndAsync();
            Assert.Equal(await Undisturbed.Value, TestRun.Hash(status));
            Assert.Equal(2, TestRun.State(status).Epoch);
        }
    }

    [Fact]
    public async Task A_call_that_times_out_is_asked_again_and_answered()
    {
        foreach (var call in (string[])["EnvironmentGrain.Collect", "LearnerGrain.Learn", "LearnerGrain.Save"])
        {
            await using var run = new TestRun(TestRun.Specify(shards: 2));
            await run.StartSiloAsync();
            run.Probe.Before = (name, number) => (name, number) == (call, 1) ? throw new TimeoutException() : Task.CompletedTask;
            var status = await run.EndAsync();
            Assert.Equal(await Undisturbed.Value, TestRun.Hash(status));
            Assert.Equal(1, TestRun.State(status).Epoch);
        }
    }

    [Theory]
    [InlineData("LearnerGrain", 2)]
    [InlineData("EnvironmentGrain", 2)]
    [InlineData("MetricsGrain", 2)]
    [InlineData("AgentGrain", 1)] // Agents and replicas need nothing but the policies of their silo.
    [InlineData("AgentReplicaGrain", 1)]
    public async Task A_grain_that_is_lost_does_not_change_the_weights(string grain, int epochs)
    {
        await using var run = new TestRun(TestRun.Specify(shards: 2));
        await run.StartSiloAsync();
        var id = run.Specification.Run;
        IGrain lost = grain switch
        {
            "LearnerGrain" => run.Learner,
            "EnvironmentGrain" => run.Client.GetGrain<IEnvironmentGrain>(GrainKeys.Environment(id, 1)),
            "AgentGrain" => run.Client.GetGrain<IAgentGrain>(GrainKeys.Agent(id, 1)),
            "MetricsGrain" => run.Client.GetGrain<IMetricsGrain>(id),
            _ => run.Client.GetGrain<IAgentReplicaGrain>(GrainKeys.Replica(id, 1, 1)),
        };

        // The lost grain is idle at that moment, and needed before it is called to take new weights.
        var moment = grain is "LearnerGrain" or "AgentGrain" ? ("EnvironmentGrain.Collect", 3) : ("LearnerGrain.Learn", 3);
        run.Probe.Before = (name, number) => (name, number) == moment
            ? lost.AsReference<IGrainManagementExtension>().DeactivateOnIdle().AsTask()
            : Task.CompletedTask;
        var status = await run.EndAsync();
        Assert.Equal(await Undisturbed.Value, TestRun.Hash(status));
        Assert.Equal(epochs, TestRun.State(status).Epoch);
    }
}
