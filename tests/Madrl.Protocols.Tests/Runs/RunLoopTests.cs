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
            "test-run", TestSpecification.Create(), new Journal(phase), new Reports(hasSummary), (_, _) => throw new InvalidOperationException("not asked to go on"));
        Assert.Equal(isUnfinished, await loop.IsUnfinishedAsync());
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
