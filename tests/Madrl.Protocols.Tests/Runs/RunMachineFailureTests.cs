using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Tests.Runs;

public class RunMachineFailureTests
{
    private readonly World world = new(TestSpecification.Create(iterations: 6, saveEvery: 2));

    [Fact]
    public async Task A_damaged_newest_checkpoint_is_named_and_the_previous_one_used()
    {
        await StepUntilAsync(world.Machine(), committed: 4);
        world.Store.Files[4] = "torn";
        await EndAsync(world.Machine());
        Assert.Equal(
            ["The checkpoint of iteration 4 cannot be used: it is torn", "Going on from the checkpoint of iteration 2."],
            world.Messages("restored"));
        Assert.Equal(RunPhase.Finished, world.State.Phase);
        Assert.Equal(await UndisturbedAsync(), world.State.Checkpoints[^1].WeightsHash);
    }

    [Fact]
    public async Task Where_all_checkpoints_are_damaged_the_run_starts_afresh_and_says_so()
    {
        await StepUntilAsync(world.Machine(), committed: 4);
        world.Store.Files.Clear();
        await EndAsync(world.Machine());
        Assert.Equal(
        [
            "The checkpoint of iteration 4 cannot be used: it is torn",
            "The checkpoint of iteration 2 cannot be used: it is torn",
            "No checkpoint can be used: starting again from the beginning.",
        ], world.Messages("restored"));
        Assert.Equal(await UndisturbedAsync(), world.State.Checkpoints[^1].WeightsHash);
    }

    [Fact]
    public async Task What_became_non_finite_is_named_and_the_last_good_checkpoint_kept()
    {
        var machine = world.Machine();
        world.Team.NonFinite = iteration => iteration == 3 ? "policy_loss" : null;
        await EndAsync(machine);
        AssertFailed(machine, "policy_loss became non-finite in iteration 3");
        Assert.Equal(2, world.State.Checkpoints.Single().Iteration);
        Assert.NotNull(world.Store.Read(world.State.Checkpoints.Single()));
        Assert.Equal("team.close", world.Ports.Calls[^1]);
    }

    [Fact]
    public async Task A_return_that_is_no_number_ends_the_run()
    {
        var machine = world.Machine();
        world.Team.Return = (_, _) => machine.Status.Iteration == 3 ? double.NaN : 1;
        await EndAsync(machine);
        AssertFailed(machine, "The evaluation return became non-finite at iteration 3");
        Assert.Equal(2, world.State.Checkpoints.Single().Iteration);
    }

    [Fact]
    public async Task A_storage_failure_is_named_at_once()
    {
        var machine = world.Machine();
        var writes = 0;
        world.Ports.Before = (_, name) =>
            name == "journal.write" && ++writes == 3
                ? new InvalidOperationException("wrapped", new IOException("disk full")) : null;
        await EndAsync(machine);
        AssertFailed(machine, "disk full");
        Assert.Equal(1, world.State.Epoch);
    }

    [Fact]
    public async Task Where_even_the_error_cannot_be_stored_memory_still_shows_it()
    {
        var machine = world.Machine();
        world.Ports.Before = (_, name) =>
            name == "journal.write" && machine.Status.Iteration > 0 ? new IOException("read-only") : null;
        await EndAsync(machine);
        Assert.Equal((RunPhase.Failed, null), (machine.Status.Phase, machine.Status.Committed));
        Assert.Equal("read-only (nor could this be recorded: read-only)", machine.Status.Error);
        Assert.DoesNotContain(world.Events, happened => happened.Type == "checkpoint");
    }

    [Fact]
    public async Task A_failed_save_ends_the_run_and_keeps_the_checkpoint_before()
    {
        var machine = world.Machine();
        world.Ports.Before = (_, name) => name == "save 4" ? new IOException("disk full") : null;
        await EndAsync(machine);
        AssertFailed(machine, "disk full");
        Assert.Equal(2, world.State.Checkpoints.Single().Iteration);

        world.Ports.Before = (_, _) => null;
        await EndAsync(world.Machine());
        Assert.Equal((RunPhase.Finished, null), (world.State.Phase, world.State.Error));
        Assert.Equal(await UndisturbedAsync(), world.State.Checkpoints[^1].WeightsHash);
    }

    [Theory]
    [InlineData("team.open 0")]
    [InlineData("learn 0")]
    [InlineData("learn 3")] // New barriers are reached again and again, but none that was not reached before.
    [InlineData("save 4")]
    [InlineData("report finished 6")]
    public async Task Gives_up_where_openings_do_not_help(string call)
    {
        var machine = world.Machine();
        world.Ports.Before = (_, name) => name == call ? new InvalidOperationException("no answer") : null;
        await EndAsync(machine);
        AssertFailed(machine, "no answer");
        Assert.InRange(world.State.Epoch, RunMachine.MaxSetbacks, RunMachine.MaxSetbacks + 1);
    }

    [Fact]
    public async Task Who_was_overtaken_stops_and_writes_nothing_more()
    {
        var machine = world.Machine();
        await StepUntilAsync(machine, committed: 2);
        var taken = world.State;
        taken.Epoch = 9;
        world.Stored = System.Text.Json.JsonSerializer.Serialize(taken);
        var (stored, events) = (world.Stored, world.Events.Count);
        await Assert.ThrowsAsync<StaleEpochException>(() => EndAsync(machine));
        Assert.Equal("journal.write", world.Ports.Calls[^1]);
        Assert.Equal(stored, world.Stored);
        Assert.DoesNotContain(world.Events.Skip(events), happened => happened.Type is "checkpoint" or "error");
    }

    [Fact]
    public async Task Somebody_else_who_opened_it_unseen_is_noticed_before_anything_is_written()
    {
        var machine = world.Machine();
        await StepUntilAsync(machine, committed: 2);
        var taken = world.State;
        (taken.Epoch, taken.Opener) = (9, "somebody else");
        world.Stored = System.Text.Json.JsonSerializer.Serialize(taken);
        world.Ports.Before = (_, name) => name.StartsWith("collect", StringComparison.Ordinal) ? new MemberUnavailableException("gone") : null;
        Assert.True(await machine.StepAsync());
        await Assert.ThrowsAsync<StaleEpochException>(() => machine.StepAsync());
        Assert.Equal((9, "somebody else"), (world.State.Epoch, world.State.Opener));
    }

    /// <summary>A split makes five such setbacks within milliseconds, and a member that is busy with a lost call answers nobody for minutes.</summary>
    [Theory]
    [InlineData("not opened")]
    [InlineData("wrong version")]
    [InlineData("time-out")]
    [InlineData("several time-outs")]
    public async Task Waits_for_a_member_that_was_lost_or_is_silent_however_long(string how)
    {
        var (machine, calls, absence) = (world.Machine(), 0, Absence(how));
        world.Ports.Before = (_, name) => name == "collect 3" && ++calls <= 20 ? absence : null;
        await EndAsync(machine);
        Assert.Equal(RunPhase.Finished, world.State.Phase);
        Assert.Equal(await UndisturbedAsync(), world.State.Checkpoints[^1].WeightsHash);
        Assert.Equal(21, world.State.Epoch);
    }

    private static Exception Absence(string how) => how switch
    {
        "not opened" => new NotOpenedException("replay", new Ticket(2, 3), null),
        "wrong version" => new WrongVersionException(new Ticket(2, 3), null),
        "time-out" => new TimeoutException("not answered within 30 s"),
        _ => new AggregateException(new TimeoutException("not answered within 30 s")),
    };

    [Fact]
    public async Task What_its_own_end_cancels_is_no_setback()
    {
        var (machine, calls) = (world.Machine(), 0);
        world.Ports.Before = (_, name) => name != "collect 3" ? null
            : ++calls < RunMachine.MaxSetbacks ? new InvalidOperationException("once more") : new OperationCanceledException();
        for (var step = 0; calls < RunMachine.MaxSetbacks; step++) Assert.True(await machine.StepAsync());
        Assert.Equal(RunPhase.Running, world.State.Phase);
    }

    [Theory]
    [InlineData("team.open 0", 0)]
    [InlineData("journal.read", 0)]
    [InlineData("journal.write", 4)]
    [InlineData("collect 3", 0)]
    [InlineData("save 4", 0)]
    public async Task Waits_for_what_does_not_answer_however_long(string call, int after)
    {
        var (machine, calls, waits) = (world.Machine(), 0, 0);
        world.Ports.Before = (_, name) =>
            name == call && ++calls > after && calls <= after + 20 ? new StorageUnavailableException("connection refused") : null;
        while (await machine.StepAsync())
        {
            if (machine.Pause == TimeSpan.Zero) continue;
            waits++;
            Assert.Equal(RunMachine.RetryInterval, machine.Pause);
            Assert.Equal("waiting for storage", machine.Status.Activity);
        }

        Assert.InRange(waits, 1, 20);
        Assert.Equal(RunPhase.Finished, world.State.Phase);
        Assert.Equal(await UndisturbedAsync(), world.State.Checkpoints[^1].WeightsHash);
        Assert.InRange(world.Messages("waiting").Count(), 0, waits);
    }

    [Fact]
    public async Task A_run_that_waits_can_be_stopped()
    {
        var machine = world.Machine();
        await StepUntilAsync(machine, committed: 2);
        world.Ports.Before = (_, name) => name is "collect 2" || name.StartsWith("team.open", StringComparison.Ordinal)
            ? new AcceleratorUnavailableException("no silo has one") : null;
        Assert.True(await machine.StepAsync());
        Assert.True(await machine.StepAsync());
        Assert.Equal("waiting for accelerator", machine.Status.Activity);
        machine.RequestStop();
        Assert.False(await machine.StepAsync());
        Assert.Equal((RunPhase.Stopped, 2L), (world.State.Phase, world.State.Checkpoints[^1].Iteration));
    }

    private void AssertFailed(RunMachine machine, string message)
    {
        Assert.Equal((RunPhase.Failed, RunPhase.Failed), (machine.Status.Phase, world.State.Phase));
        Assert.Contains(message, world.State.Error, StringComparison.Ordinal);
        Assert.Equal([world.State.Error], world.Messages("error"));
    }

    private static async Task<string> UndisturbedAsync()
    {
        var world = new World(TestSpecification.Create(iterations: 6, saveEvery: 2));
        await EndAsync(world.Machine());
        return world.State.Checkpoints[^1].WeightsHash;
    }

    private static async Task StepUntilAsync(RunMachine machine, long committed)
    {
        while (machine.Status.Committed != committed) Assert.True(await machine.StepAsync());
    }

    private static async Task EndAsync(RunMachine machine)
    {
        while (await machine.StepAsync())
        {
        }
    }
}
