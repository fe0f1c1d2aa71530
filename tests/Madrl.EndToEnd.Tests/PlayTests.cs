using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Madrl.EndToEnd.Tests;

/// <summary><c>play</c> and what <c>list tasks</c> measures, from the command line.</summary>
public sealed class PlayTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task InAPipeEveryEpisodeIsALineWithoutEscapes()
    {
        var outcome = await _work.RunAsync("play", "simple-tag", "--episodes", "2", "--set", "episode-limit=7");

        Assert.Equal((0, "", 3), (outcome.ExitCode, outcome.Error, outcome.Output.Count));
        Assert.StartsWith("episode 0, cut off after 7 steps: return ", outcome.Output[0], StringComparison.Ordinal);
        Assert.StartsWith("episode 1, cut off after 7 steps: return ", outcome.Output[1], StringComparison.Ordinal);
        Assert.Equal("A return is the sum over the 4 agents of both teams.", outcome.Output[2]);
        Assert.DoesNotContain(outcome.Output, line => line.Contains('\x1b'));
    }

    [Fact]
    public async Task TheTermsOfAnEpisodeFollowItsReturns()
    {
        string[] play = ["play", "drones", "--set", "coverage-weight=1", "--set", "task-weight=0", "--set", "collision-weight=0"];
        var line = (await _work.RunAsync(play)).Output[0];
        var episode = Workplace.Json((await _work.RunAsync([.. play, "--json"])).Output[0]);
        var terms = episode["terms"]!.AsObject();

        Assert.Equal(["coverage", "tasks", "collisions"], terms.Select(term => term.Key));
        Assert.Equal((double)episode["return"]!, (double)terms["coverage"]!, 1e-6); // The only term with a weight.
        Assert.Matches(@"\), coverage 0\.\d\d, tasks \d+\.\d\d, collisions \d+\.00$", line);
        Assert.Empty(Workplace.Json((await _work.RunAsync("play", "simple", "--json")).Output[0])["terms"]!.AsObject());
    }

    [Fact]
    public async Task ARunPlaysTheEpisodesThatItIsEvaluatedBy()
    {
        var finished = await _work.FinishAsync(Workplace.Train(80));
        var run = (string)finished["run"]!;
        var evaluated = await _work.FinishAsync("evaluate", run, "--episodes", "20");

        JsonNode[] played = [.. (await _work.RunAsync("play", "simple-spread", "--policy", run, "--episodes", "20", "--json")).Output.Select(Workplace.Json)];

        Assert.Equal((double)evaluated["returnMean"]!, played.Average(episode => (double)episode["return"]!), 1e-9);
        Assert.All(played, episode => Assert.Equal((run, 5, 2), ((string?)episode["policy"], (int)episode["steps"]!, episode["agents"]!.AsArray().Count)));
        Assert.All(played, episode => Assert.Equal((double)episode["return"]!, episode["agents"]!.AsArray().Sum(agent => (double)agent!["return"]!), 1e-6));
        Assert.Equal(Enumerable.Range(0, 20), played.Select(episode => (int)episode["episode"]!));

        await AssertRefusedAsync("plays simple-spread, not simple-tag", "simple-tag", "--policy", run);
        await AssertRefusedAsync("--rules and --set exclude the policies of a run", "simple-spread", "--policy", run, "--set", "agents=3");
    }

    [Fact]
    public async Task TheListTellsWhatTheSameEpisodesReturn()
    {
        var task = await _work.FinishAsync("list", "tasks", "simple-spread");
        var rules = task["rules"]!.AsArray()[0]!;
        var episodes = (int)rules["episodes"]!;
        foreach (var policy in (string[])["random", "scripted"])
        {
            var played = (await _work.RunAsync("play", "simple-spread", "--policy", policy, "--episodes", $"{episodes}", "--json")).Output.Select(Workplace.Json);
            Assert.Equal((double)rules[$"{policy}Return"]!, played.Average(episode => (double)episode["return"]!), 1e-9);
        }
    }

    [Fact]
    public async Task AFilmHasAPictureForEachStepAndReplacesWhatWasThere()
    {
        var file = Path.Combine(_work.Folder, "film.svg");
        await File.WriteAllTextAsync(file, "old");

        var outcome = await _work.RunAsync("play", "simple-spread", "--episodes", "2", "--set", "episode-limit=7", "--svg", "film.svg");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("film of 2 episodes: film.svg", outcome.Output);
        var svg = XElement.Load(file);
        var moments = svg.Descendants().Where(element => (string?)element.Attribute("class") == "moment").Select(element => element.Value[..element.Value.IndexOf(" of", StringComparison.Ordinal)]);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"episode {i / 8} · step {i % 8}"), moments);
    }

    [Fact]
    public async Task AFilmSaysWhereItIsCut()
    {
        string[] film = ["play", "simple", "--set", "episode-limit=3500", "--svg", "film.svg"];
        Assert.Contains("film of the first 2,999 steps of the episode, all that 3,000 pictures hold: film.svg", (await _work.RunAsync(film)).Output);
        var line = Workplace.Json((await _work.RunAsync([.. film, "--json"])).Output[^1]);
        Assert.Equal(("film", 0, 2999), ((string?)line["type"], (int)line["episodes"]!, (int)line["cutAfter"]!));
    }

    [Theory]
    [InlineData("", @"^stopped after \d+ of 1000 episodes\n$")]
    [InlineData("--svg film.svg", @"^stopped after \d+ of 1000 episodes; no film was written\n$")]
    public async Task AnInterruptEndsItAtOnceAndTellsHowFarItCame(string more, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_work.Folder, "film.svg"), "old");
        using var process = MadrlProcess.Start(
            _work.Folder, ["play", "simple-spread", "--episodes", "1000", "--set", "episode-limit=10000", "--json", .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.NotNull(await process.ReadLineAsync());
        await process.InterruptAsync();
        var outcome = await process.EndAsync();
        Assert.Equal(130, outcome.ExitCode);
        Assert.Matches(expected, outcome.Error);
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(_work.Folder, "film.svg")));
    }

    private async Task AssertRefusedAsync(string expected, params string[] arguments)
    {
        var outcome = await _work.RunAsync(["play", .. arguments]);
        Assert.Equal((2, 0), (outcome.ExitCode, outcome.Output.Count));
        Assert.Contains(expected, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }
}
