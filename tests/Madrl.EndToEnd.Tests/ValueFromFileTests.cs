namespace Madrl.EndToEnd.Tests;

/// <summary><c>--set game=@FILE</c>: a value that is the text of a file.</summary>
public sealed class ValueFromFileTests : IDisposable
{
    private const int Steps = 5;
    private const double Return = 2 * 7 * Steps; // Whatever the two play.

    private readonly Workplace _work = new();

    public ValueFromFileTests() => File.WriteAllText(GameFile, """
        {
          "format": "normal-form/1",
          "players": [ { "name": "row", "actions": ["a", "b"] }, { "name": "column", "actions": ["c", "d"] } ],
          "payoffs": [[7, 7], [7, [8, 6]]]
        }
        """);

    private string GameFile => Path.Combine(_work.Folder, "my game.json");

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task TheGameOfAFileIsPlayed()
    {
        var played = await _work.RunAsync("play", "matrix", "--set", "game=@my game.json", "--set", $"episode-limit={Steps}", "--episodes", "2", "--json");
        Assert.Equal((0, "", 2), (played.ExitCode, played.Error, played.Output.Count));
        Assert.All(played.Output.Select(Workplace.Json), episode => Assert.Equal(Return, (double)episode["return"]!, 1e-9));
    }

    [Fact]
    public async Task ARunKeepsTheTextAndNotThePath()
    {
        var trained = await _work.FinishAsync(
            "train", "matrix", "--set", $"game=@{GameFile}", "--set", $"episode-limit={Steps}", "--set", "hidden=8", "--steps", "80", "--copies", "8");
        File.Delete(GameFile);
        var evaluated = await _work.FinishAsync("evaluate", (string)trained["run"]!);
        Assert.Equal(Return, (double)evaluated["returnMean"]!, 1e-9);
        Assert.Equal((string?)trained["weightsHash"], (string?)evaluated["weightsHash"]);
    }

    [Fact]
    public async Task WhatIsWrongInAFileIsOneLine()
    {
        await File.WriteAllTextAsync(GameFile, """{ "format": "normal-form/1" }""");
        var outcome = await _work.RunAsync("play", "matrix", "--set", "game=@my game.json");
        Assert.Equal((2, 0), (outcome.ExitCode, outcome.Output.Count));
        Assert.Contains("game: players is missing.", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }
}
