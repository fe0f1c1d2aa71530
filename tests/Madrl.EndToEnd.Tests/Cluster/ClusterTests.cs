using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Madrl.Clustering.Tests.Servers;

namespace Madrl.EndToEnd.Tests.Cluster;

/// <summary>One run over three silo processes ends with the weights of one process, whatever happens on the way.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterTests(ITestOutputHelper output)
{
    /// <summary>How soon a run must go on after a silo was killed.</summary>
    private static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task The_same_weights_as_in_one_process()
    {
        await using var cluster = await ThreeSilos.OnRedisAsync();
        for (var seed = 1; seed <= Extent.Seeds; seed++)
        {
            var run = new ClusterRun((ulong)seed, Iterations: 30);
            var id = await cluster.StartRunAsync(run, cluster.Silos[seed % 3]);
            Assert.Equal(await cluster.AloneAsync(run), await cluster.HashAsync(id));
            output.WriteLine($"seed {seed}: equal");
        }

        // Everything was where it belongs: rollouts left the agents' silos, and only policies came back.
        foreach (var silo in cluster.Silos)
        {
            var report = await silo.Http.GetStringAsync("/api/v1/silo");
            output.WriteLine(report);
            Assert.InRange((long)JsonNode.Parse(report)!["largestMessage"]!, 1, 17 * 1024 * 1024);
        }
    }

    [Theory]
    [InlineData("Redis")]
    [InlineData("PostgreSQL")]
    public async Task A_killed_silo_costs_nothing_but_time(string server)
    {
        await using var cluster = server == "Redis" ? await ThreeSilos.OnRedisAsync() : await ThreeSilos.OnPostgresAsync();
        var noticed = 0;
        for (var kill = 0; kill < Extent.Kills; kill++)
        {
            var run = new ClusterRun((ulong)(100 + kill), Iterations: 300);
            var expected = await cluster.AloneAsync(run);
            var id = await cluster.StartRunAsync(run);

            // Where in the run the moment lies, is different every time. The silo of learners, the only one, is started again at
            // once, as a supervisor does it; of the others, one does the work of both until the run has ended.
            var moment = 5 + kill * 53 % 200;
            await cluster.UntilAsync(id, status => (long)status["iteration"]! >= moment);
            var victim = cluster.Silos[(kill + 2) % 3];
            victim.Process.Kill();
            var killed = Stopwatch.GetTimestamp();
            var isLearners = victim == cluster.Silos[2];
            if (isLearners) await victim.StartAsync();
            var epoch = 1L;
            var goesOn = await cluster.UntilAsync(id, status =>
                ((long)status["epoch"]! > epoch && (string)status["activity"]! is "learning" or "collecting") || (string)status["phase"]! == "finished");
            var waited = Stopwatch.GetElapsedTime(killed);
            Assert.True(waited < GoesOnWithin, $"{id} went on after {waited}.");

            // Now and then no shard of a run is on the silo that is killed: that run notices nothing.
            if ((long)goesOn["epoch"]! > epoch) noticed++;
            Assert.Equal(expected, await cluster.HashAsync(id));
            output.WriteLine($"kill {kill}: {(kill + 2) % 3 + 1} at iteration {moment}, epoch {goesOn["epoch"]} after {waited.TotalSeconds:F1} s, equal");
            if (!isLearners) await victim.StartAsync();
        }

        Assert.True(noticed > Extent.Kills / 2, $"Of {Extent.Kills} kills only {noticed} were noticed.");
    }

    [Fact]
    public async Task All_silos_may_be_restarted_one_after_another()
    {
        await using var cluster = await ThreeSilos.OnRedisAsync();
        var run = new ClusterRun(7, ClusterRun.Endless);
        var id = await cluster.StartRunAsync(run);
        await cluster.UntilAsync(id, status => (long)status["iteration"]! >= 5);
        foreach (var silo in cluster.Silos)
        {
            await silo.Process.InterruptAsync();
            var ended = await silo.Process.EndAsync();
            Assert.Equal((0, "stopped"), (ended.ExitCode, ended.Output[^1]));
            await silo.StartAsync();
        }

        var reached = (long)(await cluster.UntilAsync(id, status => (long)status["epoch"]! > 1))["iteration"]!;
        await cluster.UntilAsync(id, status => (long)status["iteration"]! > reached);
        await cluster.AssertUndisturbedAsync(id, run);
    }

    [Theory]
    [InlineData(13, false, "cpu:0")]
    [InlineData(14, true, null)]
    public async Task A_run_that_began_on_an_accelerator_waits_for_one(int seed, bool givesUp, string? expected)
    {
        await using var cluster = await ThreeSilos.OnRedisAsync();
        using var accelerated = cluster.Another(
            ("Madrl__Silo__Name", "silo-4"), ("Madrl__Silo__Roles", "learners"), ("Madrl__Silo__Accelerators", "cpu:0"));
        await accelerated.StartAsync();
        var run = new ClusterRun((ulong)seed, Iterations: 600);
        var id = await cluster.StartRunAsync(run);
        await cluster.UntilAsync(id, status => (long)status["iteration"]! >= 15);

        // Another silo of learners is there, but without an accelerator.
        accelerated.Process.Kill();
        await cluster.UntilAsync(id, status => (string)status["activity"]! == "waiting for accelerator");
        if (givesUp)
        {
            using var response = await cluster.Silos[0].Http.PostAsync($"/api/v1/runs/{id}/resume?device=cpu", null);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        }
        else
        {
            await accelerated.StartAsync();
        }

        // What is called an accelerator here computes as the processor does.
        Assert.Equal(await cluster.AloneAsync(run), await cluster.HashAsync(id));
        var summary = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(cluster.Work.Runs, id, "summary.json")))!;
        Assert.Equal(expected, (string?)summary["accelerator"]);
    }

    [Fact]
    public async Task A_run_waits_for_storage_that_is_gone_for_a_minute()
    {
        var server = await RedisServer.StartAsync();
        await using var cluster = await ThreeSilos.OnRedisAsync(server);
        var run = new ClusterRun(9, ClusterRun.Endless);
        var id = await cluster.StartRunAsync(run);
        await cluster.UntilAsync(id, status => (long)status["iteration"]! >= 5);
        await server.PauseAsync();
        var paused = Stopwatch.GetTimestamp();
        var status = await cluster.UntilAsync(id, now => (string)now["activity"]! == "waiting for storage");

        // Whoever asks for something that must be stored is told why it is not.
        using (var refused = await cluster.Silos[1].Http.PostAsJsonAsync("/api/v1/runs", run.Request()))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("storage", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        while (Stopwatch.GetElapsedTime(paused) < TimeSpan.FromMinutes(1))
        {
            status = await cluster.UntilAsync(id, _ => true);
            Assert.Equal("waiting for storage", (string)status["activity"]!);
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        await server.ResumeAsync();
        await cluster.UntilAsync(id, later => (long)later["iteration"]! > (long)status["iteration"]!);
        await cluster.AssertUndisturbedAsync(id, run);
    }

    [Fact]
    public async Task Of_two_activations_of_a_run_only_one_writes()
    {
        await using var cluster = await ThreeSilos.OnRedisAsync();
        using var beyond = cluster.Beyond();
        await beyond.StartAsync();
        var run = new ClusterRun(11, Iterations: 800);
        var id = await cluster.StartRunAsync(run);
        await cluster.UntilAsync(id, status => (long)status["iteration"]! >= 5);

        // Reminders of one table wake the run on both sides of the split, again and again; each takeover supersedes the other.
        using var response = await beyond.Http.PostAsync($"/api/v1/runs/{id}/resume", null);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        await cluster.UntilAsync(id, status => (long)status["epoch"]! > 1);
        var expected = await cluster.AloneAsync(run);
        await beyond.Process.InterruptAsync();
        await beyond.Process.EndAsync();
        Assert.Equal(expected, await cluster.HashAsync(id));
    }
}
