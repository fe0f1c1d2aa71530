namespace Madrl.EndToEnd.Tests;

/// <summary>Run folders that are not as they were left, and disks that take no more.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Iterations = 12;

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("truncated", "is truncated or damaged")]
    [InlineData("version", "was written by a newer version (format 99)")]
    [InlineData("edited", "does not match its checksum")]
    public async Task ADamagedRunFileIsAClearError(string damage, string expected)
    {
        var id = (string)(await _work.FinishAsync(Workplace.Train(40)))["run"]!;
        var path = Path.Combine(_work.RunFolder(), "run.json");
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, damage switch
        {
            "truncated" => text[..(text.Length / 2)],
            "version" => text.Replace("\"format\": 2", "\"format\": 99", StringComparison.Ordinal),
            _ => text.Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal),
        });

        await FailsAsync(expected, "resume", id);
        var listed = await _work.FinishAsync("runs");
        Assert.Equal("damaged", (string?)listed["state"]);
        Assert.Contains(expected, (string?)listed["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADamagedCheckpointIsNamedAndThePreviousOneUsed()
    {
        var expected = (string)(await _work.FinishAsync(Workplace.Train(40 * Iterations)))["weightsHash"]!;
        Directory.Delete(_work.Runs, recursive: true);
        var reported = await InterruptedAsync();
        var newest = _work.CheckpointFile(reported[^1], "learner.safetensors");
        var content = await File.ReadAllBytesAsync(newest);
        content[^10] ^= 1;
        await File.WriteAllBytesAsync(newest, content);

        var resumed = await _work.RunAsync("resume", Path.GetFileName(_work.RunFolder()), "--json");

        Assert.Equal(0, resumed.ExitCode);
        Assert.Contains(newest, resumed.Error, StringComparison.Ordinal);
        Assert.Contains($"Going on from the checkpoint of iteration {reported[^1] - 1}.", resumed.ErrorLines);
        Assert.Equal(expected, (string?)Workplace.Json(resumed.Output[^1])["weightsHash"]);
    }

    [Fact]
    public async Task ARunInUseIsRefused()
    {
        using var first = MadrlProcess.Start(_work.Folder, Workplace.Train(400_000, "--json"));
        await first.ReadLineAsync();

        await FailsAsync($"is in use by another process (pid {first.Id})", "resume", Path.GetFileName(_work.RunFolder()));
        Assert.Equal("running", (string?)(await _work.FinishAsync("runs"))["state"]);
    }

    [Fact]
    public async Task AFullDiskIsAClearErrorAndNothingReportedIsLost()
    {
        // Whatever the program keeps outside its run folders is there after this.
        await _work.FinishAsync(Workplace.Train(40, "--out", "earlier"));

        // 64 KB: the database fits, a checkpoint of this size does not. The runtime's double mapping is a file too: without it.
        const string train = "train simple-spread --copies 8 --set episode-limit=5 --steps 400 --checkpoint-every 40 --json";
        var line = $"ulimit -f 64; trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; $MADRL {train}";
        using var process = MadrlProcess.Shell(_work.Folder, line);

        var outcome = await process.EndAsync();

        Assert.Equal(1, outcome.ExitCode);
        var error = Workplace.Json(outcome.Output[^1]);
        Assert.Equal(("error", 1), ((string?)error["type"], (int)error["exitCode"]!));
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Workplace.Checkpoints(outcome.Output));

        // With room again, the run goes on to its end.
        Assert.Equal("finished", (string?)(await _work.FinishAsync("resume", Path.GetFileName(_work.RunFolder())))["type"]);
    }

    /// <summary>A run with a checkpoint each iteration, ended by Ctrl-C after a few; their iterations.</summary>
    private async Task<long[]> InterruptedAsync()
    {
        using var process = MadrlProcess.Start(
            _work.Folder, Workplace.Train(40 * Iterations, "--checkpoint-every", "40", "--json"));
        var lines = new List<string>();
        while (Workplace.Checkpoints(lines).Count() < 4) lines.Add((await process.ReadLineAsync())!);
        await process.InterruptAsync();
        var outcome = await process.EndAsync();
        Assert.Equal(130, outcome.ExitCode);
        return [.. Workplace.Checkpoints([.. lines, .. outcome.Output])];
    }

    private async Task FailsAsync(string expected, params string[] arguments)
    {
        var outcome = await _work.RunAsync(arguments);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(expected, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }
}
