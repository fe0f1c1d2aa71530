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
    public async Task A_run_that_is_resumed_while_a_reminder_lets_it_rest_is_reminded()
    {
        var resting = new TaskCompletionSource();
        var reminder = new Reminder { Relaxing = resting.Task };
        var loop = new RunLoop(
            "test-run", TestSpecification.Create(), new Journal(RunPhase.Stopped), new Reports(hasSummary: false), reminder, (_, _) => null!);
        var reminding = loop.RemindAsync();
        Assert.True(await loop.StartAsync(loop.State.Specification));
        resting.SetResult();
        Assert.False(await reminding);
        Assert.Equal("every 10 s", reminder.Told);
    }

    private sealed class Reminder : IRunReminder
    {
        public string Told { get; private set; } = "";

        public Task Relaxing { get; init; } = Task.CompletedTask;

        public Task SetAsync()
        {
            Told = "every 10 s";
            return Task.CompletedTask;
        }

        public async Task RelaxAsync()
        {
            await Relaxing;
            Told = "now and then";
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

        public Task ReadAsync() => Task.CompletedTask;

        public Task WriteAsync() => Task.CompletedTask;
    }

    private sealed class Reports(bool hasSummary) : IRunReports
    {
        public Task<IMetricsFile> OpenMetricsAsync(string run, long iteration) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ReadMetricsAsync(string run) => throw new NotSupportedException();

        public Task WriteSummaryAsync(string run, string json) => throw new NotSupportedException();

        public Task<bool> HasSummaryAsync(string run) => Task.FromResult(hasSummary);
    }
}
