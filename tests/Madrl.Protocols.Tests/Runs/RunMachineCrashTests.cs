using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Tests.Runs;

/// <summary>A process that dies at any of its port calls, calls that fail once: the run ends as if nothing had been.</summary>
public class RunMachineCrashTests
{
    private static readonly RunSpecification Run = TestSpecification.Create(iterations: 5, saveEvery: 2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_any_call_loses_nothing(bool afterEffect)
    {
        var (calls, undisturbed) = await UndisturbedAsync();
        for (var at = 0; at < calls; at++)
        {
            var world = new World(Run);
            Fail(world, afterEffect, number => number >= at, new TimeoutException("dead"));
            await CrashAsync(world, at);
            AssertReportedIsCommitted(world);
            var survived = Reported(world);

            world.Ports.Before = world.Ports.After = (_, _) => null;
            await EndAsync(world);
            Assert.Equal(undisturbed, Result(world));
            Assert.All(survived, iteration => Assert.Contains(iteration, Reported(world)));
            AssertReportedIsCommitted(world);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_fails_once_takes_the_run_back_to_its_checkpoint(bool afterEffect)
    {
        var (calls, undisturbed) = await UndisturbedAsync();
        for (var at = 0; at < calls; at++)
        {
            var world = new World(Run);
            Fail(world, afterEffect, number => number == at, new TimeoutException("once"));
            await EndAsync(world);
            Assert.Equal(undisturbed, Result(world));
            AssertReportedIsCommitted(world);
            Assert.Contains(world.Events, happened => happened.Type == "finished");

            // What closes the team comes after the end, and until the first write there is no epoch; everything between raises it.
            var opened = at > 1 || (at == 1 && afterEffect);
            if (world.Ports.Calls[at] != "team.close") Assert.Equal(opened ? 2 : 1, world.State.Epoch);
        }
    }

    [Fact]
    public async Task Two_crashes_in_a_row_lose_nothing()
    {
        var (calls, undisturbed) = await UndisturbedAsync();
        for (var at = 0; at < calls; at += 3)
        {
            for (var again = 0; again < calls; again += 5)
            {
                var world = new World(Run);
                Fail(world, false, number => number >= at, new TimeoutException("dead"));
                await CrashAsync(world, at);
                var second = world.Ports.Calls.Count + again;
                Fail(world, false, number => number >= second, new TimeoutException("dead again"));
                await CrashAsync(world, second);
                Fail(world, false, _ => false, new TimeoutException());
                await EndAsync(world);
                Assert.Equal(undisturbed, Result(world));
            }
        }
    }

    private static async Task<(int Calls, string Result)> UndisturbedAsync()
    {
        var world = new World(Run);
        await EndAsync(world);
        Assert.Equal("Finished 2:0@0.00 1@0.20 , 4:", Result(world)[..29]);
        return (world.Ports.Calls.Count, Result(world));
    }

    private static void Fail(World world, bool afterEffect, Func<int, bool> when, Exception error)
    {
        (world.Ports.Before, world.Ports.After) = ((_, _) => null, (_, _) => null);
        if (afterEffect) world.Ports.After = (number, _) => when(number) ? error : null;
        else world.Ports.Before = (number, _) => when(number) ? error : null;
    }

    /// <summary>Steps until the fatal call, or the run's end; then the machine is gone.</summary>
    private static async Task CrashAsync(World world, int at)
    {
        var machine = world.Machine();
        while (world.Ports.Calls.Count <= at && await machine.StepAsync())
        {
        }
    }

    private static async Task EndAsync(World world)
    {
        var machine = world.Machine();
        while (await machine.StepAsync())
        {
        }
    }

    private static string Result(World world) =>
        $"{world.State.Phase} {string.Join(", ", world.State.Checkpoints.Select(kept => $"{kept.Iteration}:{kept.WeightsHash}"))}"
        + $" {world.State.Final} {world.State.Random} {world.State.Scripted}";

    private static long[] Reported(World world) =>
        [.. world.Events.Where(happened => happened.Type == "checkpoint").Select(happened => happened.Iteration)];

    private static void AssertReportedIsCommitted(World world)
    {
        var reported = Reported(world).DefaultIfEmpty(0).Max();
        var committed = world.State.Checkpoints.LastOrDefault()?.Iteration ?? 0;
        Assert.True(committed >= reported, $"{reported} was reported, {committed} is committed");
        Assert.All(world.State.Checkpoints, checkpoint => Assert.NotNull(world.Store.Read(checkpoint)));
    }
}
