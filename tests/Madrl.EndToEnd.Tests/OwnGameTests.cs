using System.Net;

namespace Madrl.EndToEnd.Tests;

/// <summary>A game of a user: in its own program, and named to the console and to a silo by its assembly.</summary>
public sealed class OwnGameTests : IDisposable
{
    private static readonly string _assembly = MadrlProcess.Metadata("OwnGamePath");
    private static readonly string[] _train = ["train", "grid-walk", "--steps", "8000", "--copies", "8", "--set", "hidden=8"];

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task TheProgramOfTheGameTrainsIt()
    {
        using var sample = MadrlProcess.StartOwnGame(_work.Folder, "20000");
        var outcome = await sample.EndAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.StartsWith("training grid-walk-mappo-s1-", outcome.Output[0], StringComparison.Ordinal);
        Assert.StartsWith("finished: return ", outcome.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheConsoleTrainsListsAndEvaluatesItByItsAssembly()
    {
        var trained = await _work.FinishAsync([.. _train, "--assembly", _assembly]);
        var run = (string)trained["run"]!;
        var listed = await _work.RunAsync("list", "tasks", "--assembly", _assembly);
        Assert.Contains(listed.Output, line => line.StartsWith("grid-walk", StringComparison.Ordinal));
        var evaluated = await _work.FinishAsync("evaluate", run, "--assembly", _assembly);
        Assert.Equal((string?)trained["weightsHash"], (string?)evaluated["weightsHash"]);

        var shown = await _work.RunAsync("resume", run, "--assembly", _assembly);
        Assert.Contains(shown.Output, line => line.Contains($"--assembly {_assembly} evaluate {run}", StringComparison.Ordinal));
        foreach (var command in (string[][])[["evaluate", run], ["resume", run], ["export", run, "--safetensors"]])
        {
            var without = await _work.RunAsync(command);
            Assert.Equal(2, without.ExitCode);
            Assert.Contains("is of the task 'grid-walk', which is not loaded here: name its assembly (--assembly; ", without.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ASiloTrainsItByItsAssembly()
    {
        using var silo = new SiloProcess(_work, new Dictionary<string, string> { ["Madrl__Assemblies"] = _assembly });
        await silo.StartAsync();
        var remote = await _work.FinishAsync([.. _train, "--silo", silo.Gateway]);
        var local = await _work.FinishAsync([.. _train, "--assembly", _assembly, "--out", "local"]);
        Assert.Equal((string?)local["weightsHash"], (string?)remote["weightsHash"]);

        // The console shows a run whose game only the silo has.
        var shown = await _work.RunAsync("attach", (string)remote["run"]!, "--silo", silo.Gateway);
        Assert.True(shown.ExitCode == 0, shown.Error);
    }

    [Fact]
    public async Task ASiloWithoutItsAssemblySaysSoAndKeepsTheRun()
    {
        var run = "";
        using (var first = new SiloProcess(_work, new Dictionary<string, string> { ["Madrl__Assemblies"] = _assembly }))
        {
            await first.StartAsync();
            run = (string)(await _work.FinishAsync([.. _train, "--silo", first.Gateway]))["run"]!;
        }

        using var second = new SiloProcess(_work);
        await second.StartAsync();
        var listed = await _work.RunAsync("runs", "--silo", second.Gateway);
        Assert.Contains(listed.Output, line => line.StartsWith(run, StringComparison.Ordinal));
        foreach (var command in (string[])["attach", "resume"])
        {
            var outcome = await _work.RunAsync(command, run, "--silo", second.Gateway);
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains($"{run} is of the task 'grid-walk', which is not loaded here: name its assembly", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        }

        var started = await _work.RunAsync([.. _train, "--silo", second.Gateway]);
        Assert.Equal(2, started.ExitCode);
        Assert.Contains("One of your own comes with its assembly", Assert.Single(started.ErrorLines), StringComparison.Ordinal);

        var deleted = await second.Http.DeleteAsync($"/api/v1/runs/{run}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(Directory.GetDirectories(_work.Runs, run));
    }

    [Theory]
    [InlineData("no-such.dll", "There is no assembly 'no-such.dll'")]
    [InlineData("text.dll", "'text.dll' is no .NET assembly that can be loaded here")]
    [InlineData("", "There is no assembly ''")]
    public async Task AnAssemblyThatCannotBeUsedIsOneLine(string path, string message)
    {
        await File.WriteAllTextAsync(Path.Combine(_work.Folder, "text.dll"), "This is a text.");
        var outcome = await _work.RunAsync("list", "tasks", "--assembly", path);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASiloDoesNotStartWithoutItsAssembly()
    {
        using var silo = MadrlProcess.StartSilo(_work.Folder, ["--assemblies", "no-such.dll"]);
        var ended = await silo.EndAsync();
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("madrl-silo: There is no assembly 'no-such.dll'", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAssemblyWithoutAGameIsToldWhatItNeeds()
    {
        var path = Path.Combine(Path.GetDirectoryName(_assembly)!, "Madrl.Policies.dll");
        var outcome = await _work.RunAsync("list", "tasks", "--assembly", path);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("has no game and no algorithm: mark their definitions by [Game] or [Algorithm].", outcome.Error, StringComparison.Ordinal);
    }
}
