using System.Net;
using System.Text.Json.Nodes;

namespace Madrl.EndToEnd.Tests;

/// <summary>Two terminals: a silo in one, the console in the other.</summary>
public sealed class SiloTests : IDisposable
{
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

        // A run that has finished shows its end again, with the same weights.
        var run = (string)Workplace.Json(remote.Output[^1])["run"]!;
        foreach (var command in (string[])["attach", "resume"])
            Assert.Equal(Hash(local.Output[^1]), (string?)(await _work.FinishAsync(command, run, "--silo", _silo.Gateway))["weightsHash"]);
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
        await _silo.StartAsync();
        using var client = StartEndlessly();
        await client.ReadLineAsync();
        await client.InterruptAsync();
        var left = await client.EndAsync();
        Assert.Equal(130, left.ExitCode);
        Assert.Contains("detached: ", left.Error, StringComparison.Ordinal);
        var command = left.ErrorLines[^1].Trim();
        Assert.Contains(" attach simple-spread-mappo-", command, StringComparison.Ordinal);

        using var attached = MadrlProcess.Shell(_work.Folder, command + " --json");
        var first = Workplace.Json((await attached.ReadLineAsync())!);
        Assert.Equal(0, (long)first["iteration"]!); // From its beginning.
        await _work.AssertUndisturbedAsync(await StopAsync((string)first["run"]!, attached));
    }

    [Fact]
    public async Task CtrlCInTheSiloSavesAndTheNextStartGoesOn()
    {
        await _silo.StartAsync();
        using var client = StartEndlessly();
        var run = (string)Workplace.Json((await client.ReadLineAsync())!)["run"]!;
        await client.ReadPastAsync(0);
        await _silo.Process.InterruptAsync();
        var stopped = await _silo.Process.EndAsync();
        Assert.True(stopped.ExitCode == 0, stopped.Error);
        Assert.Contains("the runs in training are saved first", stopped.Error, StringComparison.Ordinal);
        Assert.Equal("stopped", stopped.Output[^1]);
        Assert.Equal("suspended", (string?)(await _work.FinishAsync("runs"))["state"]);
        await client.NoticeAsync("Waiting 120 s for it.");
        var saved = _work.SavedIteration();

        // The client is still there, and sees the run go on.
        Assert.Contains(await _silo.StartAsync(), line => line.Contains("1 going on", StringComparison.Ordinal));
        await client.ReadPastAsync(saved);
        await _work.AssertUndisturbedAsync(await StopAsync(run, client));
    }

    [Fact]
    public async Task AKilledSiloGoesOnWhereItWas()
    {
        await _silo.StartAsync();
        using var client = StartEndlessly("--checkpoint-every", "4000");
        JsonNode line;
        do line = Workplace.Json((await client.ReadLineAsync())!);
        while ((string?)line["type"] != "checkpoint");
        _silo.Process.Kill();
        Assert.Equal("interrupted", (string?)(await _work.FinishAsync("runs"))["state"]);

        await _silo.StartAsync();
        await client.ReadPastAsync((long)line["iteration"]!);
        await _work.AssertUndisturbedAsync(await StopAsync((string)line["run"]!, client));
    }

    [Fact]
    public async Task StopSavesARunAndResumeGoesOn()
    {
        await _silo.StartAsync();
        using var client = StartEndlessly();
        var run = (string)Workplace.Json((await client.ReadLineAsync())!)["run"]!;
        var first = await StopAsync(run, client);

        // A silo that starts again leaves it stopped.
        await _silo.Process.InterruptAsync();
        await _silo.Process.EndAsync();
        Assert.DoesNotContain(await _silo.StartAsync(), line => line.Contains("going on", StringComparison.Ordinal));
        using var resumed = MadrlProcess.Start(_work.Folder, "resume", run, "--json", "--silo", _silo.Gateway);
        await resumed.ReadPastAsync((long)first["iteration"]!);
        await _work.AssertUndisturbedAsync(await StopAsync(run, resumed));
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

    private MadrlProcess StartEndlessly(params string[] more) =>
        MadrlProcess.Start(_work.Folder, Workplace.TrainEndlessly([.. more, "--silo", _silo.Gateway]));

    /// <returns>The checkpoint that the run was stopped with, as the client that follows it told.</returns>
    private async Task<JsonNode> StopAsync(string run, MadrlProcess follower)
    {
        Assert.Equal("stopped", (string?)(await _work.FinishAsync("stop", run, "--silo", _silo.Gateway))["type"]);
        var left = await follower.EndAsync();
        Assert.Equal(130, left.ExitCode);
        return Workplace.LastCheckpoint(left.Output);
    }

    private static IEnumerable<string> Types(Outcome outcome) =>
        outcome.Output.Select(line => (string)Workplace.Json(line)["type"]!).Where(type => type != "progress");

    private static string Hash(string line) => (string)Workplace.Json(line)["weightsHash"]!;
}
