using System.Globalization;
using System.Text.Json.Nodes;

namespace Madrl.EndToEnd.Tests.Cluster;

/// <summary>What it costs to spread a run over three silos of one machine, and what crosses the wire between them.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterSpeedTests(ITestOutputHelper output)
{
    /// <summary>Of a single silo's environment steps per second.</summary>
    private const double LeastOfSingle = 0.6;

    private const int CopiesPerShard = 128, MaxRounds = 5;

    [Fact]
    public async Task Three_silos_on_one_machine_keep_most_of_the_speed_of_one()
    {
        using var work = new Workplace();
        using var single = new SiloProcess(work);
        await single.StartAsync();
        await using var cluster = await ThreeSilos.OnRedisAsync();
        var ratios = new List<double>();
        // Other tests of the solution run beside these: a round that they disturb is followed by another, five at most.
        for (var round = 0; round < Extent.Rounds || (round < MaxRounds && ratios.Max() < LeastOfSingle); round++)
        {
            var alone = await SpeedAsync(work, single, agents: 3, steps: 250_000);
            var together = await SpeedAsync(cluster.Work, cluster.Silos[0], agents: 3, steps: 250_000);
            ratios.Add(together / alone);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one silo {alone:F0}, three silos {together:F0} steps/s, ratio {ratios[^1]:F2}"));
        }

        Assert.True(ratios.Max() >= LeastOfSingle, $"Three silos reach {ratios.Max():F2} of one silo's speed.");
    }

    [Fact]
    public async Task Trajectories_cross_the_wire_once_and_policies_once_per_silo()
    {
        await using var cluster = await ThreeSilos.OnRedisAsync();
        foreach (var agents in Extent.Agents)
        {
            var steps = agents switch { > 30 => 2_000, > 10 => 6_400, _ => 64_000 };
            var before = await SentAsync(cluster);
            var speed = await SpeedAsync(cluster.Work, cluster.Silos[0], agents, steps);
            var perStep = (double)(await SentAsync(cluster) - before) / steps;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{agents} agents: {speed:F0} steps/s, {perStep:F0} bytes per step, trajectory {Trajectory(agents):F0}"));

            // Beside the trajectory: the policies for two agents' silos, membership, progress, and what checkpoints and status take.
            Assert.InRange(perStep, 0.5 * Trajectory(agents), 1.25 * Trajectory(agents) + 200);
        }
    }

    [Fact]
    public async Task What_a_learner_draws_from_replay_does_not_cross_the_wire()
    {
        const int Agents = 3, Steps = 32_000;
        await using var cluster = await ThreeSilos.OnRedisAsync();
        var speed = await SpeedAsync(cluster.Work, cluster.Silos[0], Agents, Steps, "maddpg");
        var (perStep, trajectory) = ((double)await SentAsync(cluster) / Steps, Trajectory(Agents, states: 0));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"maddpg, {Agents} agents: {speed:F0} steps/s, {perStep:F0} bytes per step, trajectory {trajectory:F0}"));

        // Every transition is drawn about thirty times.
        Assert.InRange(perStep, 0.5 * trajectory, 1.25 * trajectory + 200);
    }

    /// <summary>Bytes that one step of one copy takes: observations and states of 6 n numbers each per agent, action, reward.</summary>
    private static double Trajectory(int agents, int states = 1) => 4.0 * ((1 + states) * 6 * agents * agents * 26.0 / 25 + 2 * agents);

    private static async Task<long> SentAsync(ThreeSilos cluster)
    {
        var reports = await Task.WhenAll(cluster.Silos.Select(silo => silo.Http.GetStringAsync("/api/v1/silo")));
        return reports.Sum(report => (long)JsonNode.Parse(report)!["sentBytes"]!);
    }

    /// <summary>Environment steps per second between the first iteration and the last, by the run's own clock.</summary>
    private static async Task<double> SpeedAsync(Workplace work, SiloProcess through, int agents, int steps, string algorithm = "mappo")
    {
        var copies = agents > 10 ? 16 : 2 * CopiesPerShard;
        var run = new ClusterRun(Seed: 1, Iterations: 1).Request();
        run["algorithm"] = algorithm;
        (run["copies"], run["shards"], run["threads"], run["steps"]) = (copies, 2, 2, steps);
        (run["evaluateEvery"], run["checkpointEvery"]) = (steps, steps);
        run["settings"] = new JsonObject { ["agents"] = $"{agents}" };

        // The critic learns from the whole state for every agent, n³ numbers a step: what is measured here is the way there.
        if (agents > 10) run["settings"]!["epochs"] = "1";
        var id = await ThreeSilos.StartRunAsync(run, through);
        using var patience = new CancellationTokenSource(MadrlProcess.Limit * 2);
        while ((string)JsonNode.Parse(await through.Http.GetStringAsync($"/api/v1/runs/{id}", patience.Token))!["phase"]! != "finished")
            await Task.Delay(TimeSpan.FromMilliseconds(500), patience.Token);
        var rows = (await File.ReadAllLinesAsync(Path.Combine(work.Runs, id, "metrics.jsonl"))).Select(line => JsonNode.Parse(line)!).ToArray();
        var points = rows.Where(row => (string)row["type"]! == "progress").Select(row => (Steps: (long)row["envSteps"]!, Seconds: (double)row["seconds"]!)).ToArray();

        // The first comes after the evaluation at the start, and the last after the checkpoint at the end.
        var inside = points.Length > 3 ? points[1..^1] : points;
        return (inside[^1].Steps - inside[0].Steps) / (inside[^1].Seconds - inside[0].Seconds);
    }
}
