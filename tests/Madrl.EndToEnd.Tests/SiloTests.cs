using System.Net;
using System.Text.Json.Nodes;

namespace Madrl.EndToEnd.Tests;

/// <summary>Two terminals: a silo in one, the console in the other.</summary>
public sealed class SiloTests : IDisposable
{
    private const int Steps = 40_000;

    private readonly Workplace _work = new();
    private readonly SiloProcess _silo;

    public SiloTests() => _silo = new SiloProcess(_work);

    public void Dispose()
    {
        _silo.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task TheSameOutputAndTheSameWeightsAsInOneProcess()
    {
        var local = await _work.RunAsync(Workplace.Train(400, "--json", "--out", "local"));
        await _silo.StartAsync();
        var remote = await _work.RunAsync(Workplace.Train(400, "--json", "--silo", _silo.Gateway));

        Assert.True(remote.ExitCode == 0, remote.Error);
        Assert.Equal(Types(local), Types(remote));
        Assert.Equal(Hash(local.Output[^1]), Hash(remote.Output[^1]));
        Assert.Equal(
            Workplace.Json(local.Output[^1]).AsObject().Select(field => field.Key), Workplace.Json(remote.Output[^1]).AsObject().Select(field => field.Key));
        var plain = await _work.RunAsync(Workplace.Train(400, "--silo", _silo.Gateway));
        Assert.Contains(plain.Output, line => line.Contains(Hash(local.Output[^1]), StringComparison.Ordinal));
        var listed = await _work.RunAsync("runs", "--silo", _silo.Gateway, "--json");
        Assert.Equal(["finished", "finished"], listed.Output.Select(line => (string)Workplace.Json(line)["state"]!));

        // A wrong request comes back as a usage error, from the silo's own check.
        var wrong = await _work.RunAsync("train", "simple-sprad", "--silo", _silo.Gateway);
        Assert.Equal((2, true), (wrong.ExitCode, Assert.Single(wrong.ErrorLines).Contains("did you mean simple-spread?", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task CtrlCLeavesTheRunAndAttachComesBack()
    {
        var expected = await UndisturbedAsync();
        await _silo.StartAsync();
        using var client = MadrlProcess.Start(_work.Folder, Workplace.Train(Steps, "--json", "--silo", _silo.Gateway));
        await client.ReadLineAsync();
        await client.InterruptAsync();
        var left = await client.EndAsync();
        Assert.Equal(130, left.ExitCode);
        Assert.Contains("detached: ", left.Error, StringComparison.Ordinal);
        var command = left.ErrorLines[^1].Trim();
        Assert.Contains(" attach simple-spread-mappo-", command, StringComparison.Ordinal);

        using var attached = MadrlProcess.Shell(_work.Folder, command + " --json");
        var end = await attached.EndAsync();
        Assert.True(end.ExitCode == 0, end.Error);
        Assert.Equal(expected, Hash(end.Output[^1]));
        Assert.Equal(0, (long)Workplace.Json(end.Output[0])["iteration"]!); // From its beginning.
    }

    [Fact]
    public async Task CtrlCInTheSiloSavesAndTheNextStartGoesOn()
    {
        var expected = await UndisturbedAsync();
        await _silo.StartAsync();
        using var client = MadrlProcess.Start(_work.Folder, Workplace.Train(Steps, "--json", "--silo", _silo.Gateway));
        while ((long)Workplace.Json((await client.ReadLineAsync())!)["iteration"]! == 0)
        {
        }

        await _silo.Process.InterruptAsync();
        var stopped = await _silo.Process.EndAsync();
        Assert.True(stopped.ExitCode == 0, stopped.Error);
        Assert.Contains("the runs in training are saved first", stopped.Error, StringComparison.Ordinal);
        Assert.Equal("stopped", stopped.Output[^1]);
        Assert.Equal("suspended", (string?)(await _work.FinishAsync("runs"))["state"]);
        await client.NoticeAsync("Waiting 120 s for it.");

        // The client is still there, and sees the run to its end.
        Assert.Contains(await _silo.StartAsync(), line => line.Contains("1 going on", StringComparison.Ordinal));
        var end = await client.EndAsync();
        Assert.True(end.ExitCode == 0, end.Error);
        Assert.Equal(expected, Hash(end.Output[^1]));
    }

    [Fact]
    public async Task AKilledSiloGoesOnWhereItWas()
    {
        var expected = await UndisturbedAsync();
        await _silo.StartAsync();
        using var client = MadrlProcess.Start(
            _work.Folder, Workplace.Train(Steps, "--json", "--checkpoint-every", "4000", "--silo", _silo.Gateway));
        string? line;
        do line = await client.ReadLineAsync();
        while ((string?)Workplace.Json(line!)["type"] != "checkpoint");
        _silo.Process.Kill();
        Assert.Equal("interrupted", (string?)(await _work.FinishAsync("runs"))["state"]);

        await _silo.StartAsync();
        var end = await client.EndAsync();
        Assert.True(end.ExitCode == 0, end.Error);
        Assert.Equal(expected, Hash(end.Output[^1]));
    }

    [Fact]
    public async Task StopSavesARunAndResumeGoesOn()
    {
        // The run never ends by itself, however fast it is: what it was when it was stopped for the second time is compared
        // with a run of as many steps.
        const int Endless = 400_000_000;
        string[] constant = ["--set", "anneal=false"]; // An annealed step size depends on a run's length.
        await _silo.StartAsync();
        using var client = MadrlProcess.Start(_work.Folder, Workplace.Train(Endless, [.. constant, "--json", "--silo", _silo.Gateway]));
        var run = (string)Workplace.Json((await client.ReadLineAsync())!)["run"]!;
        var first = await StopAsync(run, client);

        // A silo that starts again leaves it stopped.
        await _silo.Process.InterruptAsync();
        await _silo.Process.EndAsync();
        Assert.DoesNotContain(await _silo.StartAsync(), line => line.Contains("going on", StringComparison.Ordinal));
        using var resumed = MadrlProcess.Start(_work.Folder, "resume", run, "--json", "--silo", _silo.Gateway);
        while ((long)Workplace.Json((await resumed.ReadLineAsync())!)["iteration"]! <= (long)first["iteration"]!)
        {
        }

        var second = await StopAsync(run, resumed);
        var undisturbed = await _work.FinishAsync(Workplace.Train((int)second["envSteps"]!, [.. constant, "--out", "undisturbed"]));
        Assert.Equal((string?)undisturbed["weightsHash"], (string?)second["weightsHash"]);
    }

    [Fact]
    public async Task TheSampleTrainsATeamAndAsksItsAgents()
    {
        await _silo.StartAsync();
        using var sample = MadrlProcess.StartSample(_work.Folder, _silo.Gateway);
        var outcome = await sample.EndAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains(outcome.Output, line => line.StartsWith("finished: return -", StringComparison.Ordinal));
        Assert.Equal(3, outcome.Output.Count(line => line.Contains(" with the weights of iteration 63 answers ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task HealthAndPageAnswer()
    {
        await _silo.StartAsync();
        foreach (var probe in (string[])["startup", "ready", "live"])
            Assert.Equal("ok", (string?)JsonNode.Parse(await _silo.Http.GetStringAsync($"/health/{probe}"))!["status"]);
        Assert.Contains("<title>", await _silo.Http.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(await _silo.Http.GetStringAsync("/api/v1/openapi.json"))!["paths"]!["/api/v1/runs"]);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/api/v1/runs");
        foreign.Headers.Host = "example.org";
        Assert.Equal(HttpStatusCode.BadRequest, (await _silo.Http.SendAsync(foreign)).StatusCode);
    }

    /// <returns>The checkpoint that the run was stopped with, as the client that follows it told.</returns>
    private async Task<JsonNode> StopAsync(string run, MadrlProcess follower)
    {
        Assert.Equal("stopped", (string?)(await _work.FinishAsync("stop", run, "--silo", _silo.Gateway))["type"]);
        var left = await follower.EndAsync();
        Assert.Equal(130, left.ExitCode);
        return left.Output.Select(Workplace.Json).Last(line => (string?)line["type"] == "checkpoint");
    }

    private async Task<string> UndisturbedAsync() =>
        (string)(await _work.FinishAsync(Workplace.Train(Steps, "--out", "undisturbed")))["weightsHash"]!;

    private static IEnumerable<string> Types(Outcome outcome) =>
        outcome.Output.Select(line => (string)Workplace.Json(line)["type"]!).Where(type => type != "progress");

    private static string Hash(string line) => (string)Workplace.Json(line)["weightsHash"]!;
}
