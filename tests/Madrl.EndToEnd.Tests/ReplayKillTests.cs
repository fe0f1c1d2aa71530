namespace Madrl.EndToEnd.Tests;

/// <summary>
/// A replay of a million transitions: killed and resumed, over other shards, the same weights. Few updates, because it is the
/// experience that is tested here: each of them draws from all of it.
/// </summary>
public sealed class ReplayKillTests : IDisposable
{
    private const int Steps = 1_280_000;

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task AMillionTransitionsSurviveAKillToTheBit()
    {
        var expected = (string?)(await _work.FinishAsync(Train("--out", "undisturbed")))["weightsHash"];
        using (var process = MadrlProcess.Start(_work.Folder, Train("--shards", "2", "--json")))
        {
            var saved = 0L;
            while (saved < 1_100_000)
            {
                var line = Workplace.Json((await process.ReadLineAsync())!);
                if ((string?)line["type"] == "checkpoint") saved = (long)line["envSteps"]!;
            }

            process.Kill();
            await process.EndAsync(); // The kernel releases the run's lock when the process is gone.
        }

        // The ring is full: what fell out of it is not kept, and every file is written once, with what came since the last.
        var segments = Directory.GetFiles(_work.RunFolder(), "replay-*", SearchOption.AllDirectories);
        Assert.InRange(segments.Sum(file => new FileInfo(file).Length), 220L << 20, 420L << 20);
        var finished = await _work.FinishAsync("resume", Path.GetFileName(_work.RunFolder()));
        Assert.Equal(expected, (string?)finished["weightsHash"]);
    }

    private static string[] Train(params string[] more) =>
    [
        "train", "simple-spread", "--algorithm", "maddpg", "--steps", $"{Steps}", "--copies", "512", "--checkpoint-every", "256000",
        "--evaluate-every", $"{Steps}", "--set", "update-every=40000", "--set", "hidden=16", .. more,
    ];
}
