namespace Madrl.EndToEnd.Tests;

/// <summary><c>kill -9</c> at any moment, then <c>resume</c>: the same weights, and nothing lost that was reported.</summary>
public sealed class KillTests : IDisposable
{
    private const int Iterations = 60, Kills = 20;

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task TwentyKillsAtRandomMoments()
    {
        var expected = await UndisturbedAsync();
        var random = new Random(20261122);
        var reported = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Start(kill == 0);
            // Some lines on, then a little further: in the middle of collecting, learning, evaluating or saving.
            for (var lines = random.Next(1, 6); lines > 0; lines--) reported = Check(await process.ReadLineAsync(), reported);
            await Task.Delay(random.Next(0, 40));
            process.Kill();
            foreach (var line in (await process.EndAsync()).Objects) reported = Check(line, reported);
        }

        await FinishesAsync(expected, reported);
    }

    [Fact]
    public async Task KillsBetweenTwoStorageWritesOfOneCheckpoint()
    {
        var expected = await UndisturbedAsync();
        var reported = 0L;
        for (var kill = 1; kill <= 4; kill++)
        {
            using var process = Start(kill == 1);
            var target = 10 * kill;
            while (reported < target - 2) reported = Check(await process.ReadLineAsync(), reported);
            // The learner's file is there, the policies' file and the commit are to come: a matter of milliseconds.
            while (!_work.CheckpointFiles(target, "learner.safetensors").Any()) await Task.Yield();
            process.Kill();
            foreach (var line in (await process.EndAsync()).Objects) reported = Check(line, reported);
        }

        await FinishesAsync(expected, reported);
    }

    private async Task<string> UndisturbedAsync() =>
        (string)(await _work.FinishAsync(Workplace.Train(40 * Iterations, "--out", "undisturbed")))["weightsHash"]!;

    private MadrlProcess Start(bool first) => MadrlProcess.Start(
        _work.Folder,
        first ? Workplace.Train(40 * Iterations, "--checkpoint-every", "40", "--json") : ["resume", _work.RunFolder(), "--json"]);

    /// <summary>The newest reported checkpoint; a line of the resumed run must not come from before it.</summary>
    private static long Check(string? line, long reported)
    {
        Assert.NotNull(line);
        var json = Workplace.Json(line);
        var iteration = (long)json["iteration"]!;
        Assert.True(iteration >= reported, $"Iteration {reported} was reported as saved, then came {line}");
        return (string?)json["type"] == "checkpoint" ? iteration : reported;
    }

    private async Task FinishesAsync(string expected, long reported)
    {
        var outcome = await _work.RunAsync("resume", _work.RunFolder(), "--json");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        foreach (var line in outcome.Output) reported = Check(line, reported);
        Assert.Equal(expected, (string?)Workplace.Json(outcome.Output[^1])["weightsHash"]);
    }
}
