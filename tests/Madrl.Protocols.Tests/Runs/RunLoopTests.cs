using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Tests.Runs;

public sealed class RunLoopTests
{
    /// <summary>The state says that the run has finished before the summary is written: a crash between must not leave it without one.</summary>
    [Theory]
    [InlineData(RunPhase.None, false, true)]
    [InlineData(RunPhase.Running, false, true)]
    [InlineData(RunPhase.Suspended, false, true)]
    [InlineData(RunPhase.Stopped, false, false)]
    [InlineData(RunPhase.Failed, false, false)]
    [InlineData(RunPhase.Finished, false, true)]
    [InlineData(RunPhase.Finished, true, false)]
    public async Task A_run_is_unfinished_until_its_end_is_reported(RunPhase phase, bool hasSummary, bool isUnfinished)
    {
        var loop = new RunLoop(
            "test-run", TestSpecification.Create(), new Journal(phase), new Reports(hasSummary), null, (_, _) => throw new InvalidOperationException("not asked to go on"));
        Assert.Equal(isUnfinished, await loop.IsUnfinishedAsync());
    }

    [Theory]
    [InlineData(RunPhase.Running, "every 10 s")]
    [InlineData(RunPhase.Suspended, "every 10 s")]
    [InlineData(RunPhase.Stopped, "now and then")]
    [InlineData(RunPhase.Failed, "now and then")]
    [InlineData(RunPhase.Finished, "never")]
    public async Task A_run_is_reminded_as_its_end_says(RunPhase phase, string expected)
    {
        var reminder = new Reminder();
        var loop = new RunLoop("test-run", TestSpecification.Create(), new Journal(phase), new Reports(hasSummary: true), reminder, (_, _) => null!);
        Assert.Equal(phase is RunPhase.Running or RunPhase.Suspended, await loop.RemindAsync());
        Assert.Equal(expected, reminder.Told);
    }

    [Fact]
    public async Task A_run_that_another_activation_resumes_while_a_reminder_lets_it_rest_is_reminded()
    {
        var journal = new Journal(RunPhase.Stopped);
        var reminder = new Reminder { Relaxing = () => journal.Stored = RunPhase.Suspended };
        Assert.False(await Loop(journal, reminder).RemindAsync());
        Assert.Equal("every 10 s", reminder.Told);
    }

    [Theory]
    [InlineData(RunPhase.Stopped)]
    [InlineData(RunPhase.Failed)]
    public async Task That_a_stopped_run_goes_on_is_written_before_anybody_hears_of_it(RunPhase phase)
    {
        var journal = new Journal(phase);
        var reminder = new Reminder();
        var loop = Loop(journal, reminder);
        Assert.True(await loop.StartAsync(loop.State.Specification));
        Assert.Equal((RunPhase.Suspended, 1, "every 10 s"), (journal.Stored, journal.State.Epoch, reminder.Told));
    }

    [Fact]
    public async Task What_begins_or_ends_a_run_comes_one_after_the_other()
    {
        var deleting = new TaskCompletionSource();
        var (journal, reminder) = (new Journal(RunPhase.Suspended), new Reminder());
        var loop = Loop(journal, reminder);
        var deletion = loop.DeleteAsync(() => deleting.Task);
        var (start, reminded, stop) = (loop.StartAsync(loop.State.Specification), loop.RemindAsync(), loop.StopAsync());
        Assert.False(loop.IsAtRest);
        deleting.SetResult();
        await deletion;
        await Assert.ThrowsAsync<UnknownRunException>(() => start);
        Assert.False(await reminded);
        Assert.False(await stop);
        Assert.Equal(("never", false, true), (reminder.Told, loop.IsActive, loop.IsAtRest));
    }

    /// <summary>A silo that was started without the assembly of a run's game.</summary>
    [Fact]
    public async Task A_run_whose_game_is_not_loaded_stays_as_it_was_and_can_be_deleted()
    {
        var (journal, reminder) = (new Journal(RunPhase.Stopped), new Reminder());
        var specification = TestSpecification.Create() with { Task = "not-loaded" };
        var loop = new RunLoop("test-run", specification, journal, new Reports(hasSummary: false), reminder, (_, _) => null!);
        await Assert.ThrowsAsync<RunUnavailableException>(() => loop.StartAsync(specification.ToJson()));
        Assert.Equal((RunPhase.Stopped, 0, "", true), (journal.Stored, journal.State.Epoch, reminder.Told, loop.IsAtRest));
        var deleted = false;
        await loop.DeleteAsync(() =>
        {
            deleted = true;
            return Task.CompletedTask;
        });
        Assert.True(deleted);
    }

    [Fact]
    public async Task A_run_in_training_is_not_deleted()
    {
        var loop = Loop(new Journal(RunPhase.None), new Reminder());
        Assert.True(await loop.StartAsync(loop.State.Specification));
        await Assert.ThrowsAsync<RunUnavailableException>(() => loop.DeleteAsync(() => throw new InvalidOperationException("is asked to")));
    }

    [Fact]
    public async Task A_run_whose_deletion_fails_can_be_resumed_and_deleted_again()
    {
        var (journal, reminder) = (new Journal(RunPhase.Running), new Reminder());
        var loop = Loop(journal, reminder);
        await Assert.ThrowsAsync<IOException>(() => loop.DeleteAsync(() => throw new IOException("The disk is read-only.")));
        Assert.Equal((RunPhase.Stopped, ""), (journal.Stored, reminder.Told));
        Assert.True(await loop.StartAsync(loop.State.Specification));
    }

    [Fact]
    public async Task A_run_that_another_silo_writes_just_now_is_not_taken_from_it()
    {
        var loop = Loop(new Journal(RunPhase.Stopped) { IsTaken = true }, new Reminder());
        await Assert.ThrowsAsync<RunUnavailableException>(() => loop.StartAsync(loop.State.Specification));
        await Assert.ThrowsAsync<RunUnavailableException>(() => loop.DeleteAsync(() => throw new InvalidOperationException("is asked to")));
        Assert.False(loop.IsActive);
    }

    [Fact]
    public async Task What_could_not_be_taken_over_looks_as_before()
    {
        var journal = new Journal(RunPhase.Failed) { IsTaken = true };
        journal.State.Error = "The disk is full.";
        await Assert.ThrowsAsync<RunUnavailableException>(() => Loop(journal, new Reminder()).StartAsync(Specification));
        Assert.Equal((RunPhase.Failed, "The disk is full.", 0), (journal.State.Phase, journal.State.Error, journal.State.Epoch));
    }

    [Fact]
    public async Task A_run_whose_files_are_gone_rests()
    {
        var reminder = new Reminder();
        var loop = new RunLoop("test-run", TestSpecification.Create(), new Journal(RunPhase.Finished), new Reports(hasSummary: null), reminder, (_, _) => null!);
        Assert.False(await loop.RemindAsync());
        Assert.Equal("now and then", reminder.Told);
    }

    /// <summary>The whole life of a machine, with a storage that does not answer when the run shall begin again.</summary>
    [Fact]
    public async Task A_run_that_is_resumed_while_it_stops_begins_again_as_soon_as_storage_answers()
    {
        var world = new World();
        var loop = new RunLoop("test-run", TestSpecification.Create(), world.Journal(), new Reports(hasSummary: false), null, (_, written) => world.Machine(written));
        Assert.True(await loop.StartAsync(loop.State.Specification));
        Assert.Equal(TimeSpan.Zero, await loop.TickAsync());

        // Resumed before it has begun to stop, it just goes on.
        Assert.False(await loop.StopAsync());
        Assert.False(await loop.StartAsync(loop.State.Specification));
        Assert.Equal(TimeSpan.Zero, await loop.TickAsync());

        await loop.StopAsync();
        var (isGone, resumed) = (false, (Task<bool>?)null);
        world.Ports.Before = (_, name) =>
        {
            if (name.StartsWith("report stopped", StringComparison.Ordinal)) (isGone, resumed) = (true, loop.StartAsync(loop.State.Specification));
            return isGone && name.StartsWith("journal", StringComparison.Ordinal) ? new StorageUnavailableException("gone") : null;
        };
        Assert.Equal(RunMachine.RetryInterval, await loop.TickAsync());
        Assert.False(await resumed!);
        Assert.Equal((true, false), (loop.IsActive, loop.IsAtRest));
        isGone = false;
        Assert.Equal(TimeSpan.Zero, await loop.TickAsync());
        for (TimeSpan? due = TimeSpan.Zero; due is not null;) due = await loop.TickAsync();
        Assert.Equal((RunPhase.Finished, true), (loop.State.Phase, loop.IsAtRest));
    }

    private static string Specification => TestSpecification.Create().ToJson();

    private static RunLoop Loop(IRunJournal journal, IRunReminder reminder) =>
        new("test-run", TestSpecification.Create(), journal, new Reports(hasSummary: false), reminder, (_, _) => null!);

    private sealed class Reminder : IRunReminder
    {
        public string Told { get; private set; } = "";

        public Action Relaxing { get; init; } = () => { };

        public Task SetAsync()
        {
            Told = "every 10 s";
            return Task.CompletedTask;
        }

        public Task RelaxAsync()
        {
            Relaxing();
            Told = "now and then";
            return Task.CompletedTask;
        }

        public Task RemoveAsync()
        {
            Told = "never";
            return Task.CompletedTask;
        }
    }

    private sealed class Journal(RunPhase phase) : IRunJournal
    {
        public RunState State { get; } = new() { Phase = phase };

        public RunPhase Stored { get; set; } = phase;

        public bool IsTaken { get; init; }

        public Task ReadAsync()
        {
            State.Phase = Stored;
            return Task.CompletedTask;
        }

        public Task WriteAsync()
        {
            if (IsTaken) throw new StaleEpochException(State.Epoch, State.Epoch + 1);
            Stored = State.Phase;
            return Task.CompletedTask;
        }
    }

    /// <param name="hasSummary">Null where nothing is left of the run.</param>
    private sealed class Reports(bool? hasSummary) : IRunReports
    {
        public Task<IMetricsFile> OpenMetricsAsync(string run, long iteration) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ReadMetricsAsync(string run) => throw new NotSupportedException();

        public Task WriteSummaryAsync(string run, string json) => throw new NotSupportedException();

        public Task<bool> HasSummaryAsync(string run) => Task.FromResult(hasSummary ?? throw new UnknownRunException(run));
    }
}
