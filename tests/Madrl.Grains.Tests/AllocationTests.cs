using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Grains.Links;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using Madrl.Numerics;
using Madrl.Policies;
using Madrl.Protocols;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Madrl.Grains.Tests;

/// <summary>What acting costs in managed memory.</summary>
public class AllocationTests(ITestOutputHelper output)
{
    private const int Steps = 2000;

    [Fact]
    public async Task A_call_to_a_replica_allocates_its_payload_and_at_most_two_kilobytes()
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 1));
        TestRun.Hash(await run.EndAsync());
        run.Probe.IsIdle = true;
        var game = Game(run.Specification).Spec;
        var actors = new ReplicaActors(run.Client, run.Specification, 0, game.Agents.Count) { Ticket = new Ticket(1, 1) };
        float[][] observations = [.. game.Agents.Select(agent => new float[TestRun.Copies * agent.ObservationSize])];
        float[][] actions = [.. game.Agents.Select(agent => new float[TestRun.Copies * agent.Actions.Width])];
        await ActAsync(Steps);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ActAsync(Steps);
        var perCall = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / (Steps * game.Agents.Count);

        var payload = (observations.Sum(array => array.Length) + actions.Sum(array => array.Length))
            * sizeof(float) / game.Agents.Count;
        output.WriteLine($"{perCall:F0} bytes per call, {payload} of them payload");
        Assert.InRange(perCall, payload, payload + 2048);

        async Task ActAsync(int steps)
        {
            for (var step = 0; step < steps; step++)
                await actors.ActAsync(new ActingStep(ActingMode.Explore, 0, TestRun.Copies, step), observations, actions);
        }
    }

    [Fact]
    public async Task A_step_of_the_plain_loop_allocates_nothing()
    {
        var run = TestRun.Specify();
        var game = Game(run);
        using var learner = AlgorithmCatalog.Find(run.Algorithm)
            .CreateLearner(game.Spec, run.Learning, run.Copies, run.Seed, run.Threads);
        var actors = new PolicyActors(run.Seed);
        actors.Use([.. learner.ExportPolicies().Select((weights, agent) => new Policy(learner.Policy, weights, agent))]);
        var collector = new RolloutCollector(game, run.Seed, 0);
        var rollout = new Rollout(game.Spec, run.Copies);
        for (var episode = 0; episode < 40; episode++)
            await collector.CollectAsync(actors, ActingMode.Explore, RandomPurpose.Reset, episode, rollout);

        // A debug build allocates an object for each episode's asynchronous method; an object in every step would take
        // at least 24 bytes each time.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var episode = 0; episode < 40; episode++)
            await collector.CollectAsync(actors, ActingMode.Explore, RandomPurpose.Reset, episode, rollout);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{allocated} bytes in 40 episodes");
        Assert.InRange(allocated, 0, 40 * TestRun.EpisodeLimit * 24 - 1);
    }

    private static IMarkovGame Game(RunSpecification run) => GameCatalog.Find(run.Task).Create(run.Copies, run.Rules, run.Game);
}
