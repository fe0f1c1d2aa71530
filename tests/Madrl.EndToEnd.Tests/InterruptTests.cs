namespace Madrl.EndToEnd.Tests;

/// <summary>Ctrl-C: saves, says how to go on, exits with 130.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task SavesAndPrintsACommandThatGoesOnToTheSameWeights()
    {
        using var process = MadrlProcess.Start(_work.Folder, Workplace.TrainEndlessly());
        await process.ReadPastAsync(0);
        await process.InterruptAsync();
        var outcome = await process.EndAsync();

        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains("press Ctrl-C again to stop at once", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("stopped", (string?)(await _work.FinishAsync("runs"))["state"]);
        var command = outcome.Error.TrimEnd().Split('\n')[^1].Trim();
        Assert.Contains($" resume {Path.GetFileName(_work.RunFolder())}", command, StringComparison.Ordinal);
        using var resumed = MadrlProcess.Shell(_work.Folder, $"exec {command} --json");
        await resumed.ReadPastAsync((long)Workplace.LastCheckpoint(outcome.Output)["iteration"]!);
        await resumed.InterruptAsync();
        var again = await resumed.EndAsync();
        Assert.Equal(130, again.ExitCode);
        await _work.AssertUndisturbedAsync(Workplace.LastCheckpoint(again.Output));
    }

    [Fact]
    public async Task TheSecondStopsAtOnceAndNamesWhatIsSafe()
    {
        // An iteration that takes minutes, so that the first Ctrl-C is still waiting for its end.
        using var process = MadrlProcess.Start(
            _work.Folder, "train", "simple-spread", "--copies", "512", "--set", "epochs=100", "--set", "hidden=512", "--json");
        await process.ReadLineAsync();
        await process.InterruptAsync();
        await process.NoticeAsync("press Ctrl-C again"); // Two signals at once may arrive as one.
        await process.InterruptAsync();
        var outcome = await process.EndAsync();

        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains("stopped at once: no checkpoint was taken", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(1000)]
    public async Task WhileStartingItDoesNotHang(int milliseconds)
    {
        using var process = MadrlProcess.Start(_work.Folder, Workplace.Train(4_000_000, "--json"));
        while (!Directory.Exists(_work.Runs)) await Task.Delay(5);
        await Task.Delay(milliseconds);
        await process.InterruptAsync();
        var outcome = await process.EndAsync();

        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains(" resume ", outcome.Error, StringComparison.Ordinal);
    }
}
