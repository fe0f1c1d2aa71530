using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Grains.Tests;

public class NonFiniteTests
{
    [Fact]
    public async Task A_reward_that_is_no_number_ends_the_run_and_keeps_the_checkpoint()
    {
        var compute = new HookedCompute
        {
            Before = (iteration, rollouts) =>
            {
                if (iteration == 3) rollouts[0].Rewards[1][5] = float.NaN;
                return Task.CompletedTask;
            },
        };
        await AssertFails(compute, "became non-finite in iteration 3; the last good checkpoint is kept", epochs: 1);
    }

    [Fact]
    public async Task Weights_that_are_no_numbers_never_act()
    {
        var compute = new HookedCompute { After = (iteration, learned) => iteration == 2 ? WithNaN(learned) : learned };
        await AssertFails(compute, "number 0 of fc1.weight is NaN", epochs: RunMachine.MaxSetbacks);
    }

    private static async Task AssertFails(HookedCompute compute, string message, long epochs)
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 5, saveEvery: 2));
        var status = await run.EndAsync(compute.Register);
        Assert.Equal((RunPhase.Failed, 2), (status.Phase, status.Committed));
        Assert.Contains(message, status.Error, StringComparison.Ordinal);
        Assert.Equal(epochs, TestRun.State(status).Epoch);
        var told = await run.Client.GetGrain<IMetricsGrain>(run.Specification.Run).Read(0);
        Assert.Equal("error", told[^1].Type);

        await run.StopSiloAsync();
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(await run.EndAsync()));
    }

    private static LearnedPolicies WithNaN(LearnedPolicies learned)
    {
        var blocks = learned.Policies.Weights.Select(block =>
        {
            float[] values = [.. block.AsSingles()];
            values[0] = float.NaN;
            return Block.From(values, values.Length);
        });
        return learned with { Policies = learned.Policies with { Weights = [.. blocks] } };
    }
}
