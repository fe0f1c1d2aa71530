using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Tests.Runs;

public class RunMachineOrderTests
{
    [Fact]
    public async Task A_run_goes_from_barrier_to_barrier_in_a_fixed_order()
    {
        var world = new World(TestSpecification.Create(iterations: 2, saveEvery: 2));
        await EndAsync(world.Machine());
        Assert.Equal(
        [
            "journal.read", "journal.write", "report.open 0", "team.open 0", "evaluate Random Test 0", "evaluate Scripted Test 0", "journal.write",
            "evaluate Agents Evaluation 0", "report evaluation 0", "report progress 0",
            "collect 0", "learn 0", "evaluate Agents Evaluation 1", "report evaluation 1", "report progress 1",
            "collect 1", "learn 1", "evaluate Agents Evaluation 2", "report evaluation 2",
            "report.flush", "save 2", "journal.write", "report checkpoint 2", "report.flush", "retain 2",
            "report progress 2",
            "evaluate Agents Test 2", "journal.write", "report finished 2", "report.flush", "team.close",
        ], world.Ports.Calls);
        Assert.Equal((RunPhase.Finished, 1), (world.State.Phase, world.State.Epoch));
        Assert.Equal("0@0.00 1@0.50 ", world.State.Checkpoints.Single().WeightsHash);
    }

    [Fact]
    public async Task A_status_names_a_checkpoint_only_once_it_is_committed()
    {
        var world = new World(TestSpecification.Create(iterations: 2, saveEvery: 1));
        var machine = world.Machine();
        var seen = new List<(string, long?)>();
        world.Ports.Before = (_, name) =>
        {
            if (name is "journal.write" or "report checkpoint 1") seen.Add((name, machine.Status.Committed));
            return null;
        };
        await EndAsync(machine);
        Assert.Equal(
            [("journal.write", null), ("journal.write", null), ("journal.write", null), ("report checkpoint 1", 1),
                ("journal.write", 1), ("journal.write", 2)], seen);
    }

    [Fact]
    public async Task A_stop_request_saves_and_stops_at_the_next_barrier()
    {
        var world = new World(TestSpecification.Create(iterations: 9, saveEvery: 8));
        var machine = world.Machine();
        world.Ports.Before = (_, name) =>
        {
            if (name == "collect 2") machine.RequestStop();
            return null;
        };
        await EndAsync(machine);
        Assert.Equal((RunPhase.Stopped, 3L), (machine.Status.Phase, machine.Status.Committed));
        Assert.Equal(3, world.State.Checkpoints.Single().Iteration);
        Assert.Equal("stopped", world.Events[^1].Type);
        Assert.Single(world.Events, happened => happened is { Type: "evaluation", Iteration: 3 });

        await EndAsync(world.Machine());
        Assert.Equal((RunPhase.Finished, 2L), (world.State.Phase, world.State.Epoch));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i),
            world.Events.Where(e => e.Type == "evaluation").Select(e => e.Iteration));
    }

    [Theory]
    [InlineData(false, RunPhase.Suspended, "suspended")]
    [InlineData(true, RunPhase.Stopped, "stopped")]
    public async Task A_silo_that_stops_suspends_what_nobody_wanted_stopped(bool stop, RunPhase phase, string type)
    {
        var world = new World(TestSpecification.Create(iterations: 4, saveEvery: 8));
        var machine = world.Machine();
        world.Ports.Before = (_, name) =>
        {
            if (name == "collect 1" && stop) machine.RequestStop();
            if (name == "collect 1") machine.RequestSuspend();
            return null;
        };
        await EndAsync(machine);
        Assert.Equal((phase, 2L), (machine.Status.Phase, machine.Status.Committed));
        Assert.Equal(type, world.Events[^1].Type);

        await EndAsync(world.Machine());
        Assert.Equal(RunPhase.Finished, world.State.Phase);
    }

    [Fact]
    public async Task A_stop_at_a_checkpoint_saves_nothing_twice()
    {
        var world = new World(TestSpecification.Create(iterations: 4, saveEvery: 2));
        var machine = world.Machine();
        world.Ports.Before = (_, name) =>
        {
            if (name == "learn 1") machine.RequestStop();
            return null;
        };
        await EndAsync(machine);
        Assert.Equal(RunPhase.Stopped, machine.Status.Phase);
        Assert.Single(world.Ports.Calls, "save 2");
    }

    [Fact]
    public async Task A_resumed_run_skips_the_evaluation_of_its_barrier()
    {
        var world = new World(TestSpecification.Create(iterations: 4, saveEvery: 2));
        var machine = world.Machine();
        while (machine.Status.Committed != 2) await machine.StepAsync();
        var before = world.Ports.Calls.Count;

        await world.Machine().StepAsync();
        Assert.Equal(
            ["journal.read", "journal.write", "report.open 2", "team.open 2", "report restored 2", "collect 2", "learn 2"],
            world.Ports.Calls.Skip(before).Take(7));
    }

    [Fact]
    public async Task The_last_two_checkpoints_and_the_best_one_are_kept()
    {
        double[] returns = [0, 1, 9, 3, 4, 5, 6];
        var world = new World(TestSpecification.Create(iterations: 6, saveEvery: 1));
        var machine = world.Machine();
        world.Team.Return = (_, _) => returns[machine.Status.Iteration];
        await EndAsync(machine);
        Assert.Equal([2L, 5L, 6L], world.State.Checkpoints.Select(checkpoint => checkpoint.Iteration));
        Assert.Equal([2L, 5L, 6L], world.Store.Files.Keys.Order());
        Assert.Equal(2, world.State.Best()!.Iteration);
        Assert.Contains("retain 2 3", world.Ports.Calls);
    }

    private static async Task EndAsync(RunMachine machine)
    {
        while (await machine.StepAsync())
        {
        }
    }
}
