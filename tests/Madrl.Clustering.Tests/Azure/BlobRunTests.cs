using Madrl.Clustering.Azure;
using Madrl.Clustering.Tests.Servers;
using Madrl.Grains;
using Madrl.Grains.Abstractions;
using Madrl.Grains.Tests;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Madrl.Clustering.Tests.Azure;

/// <summary>A whole run with nothing but a storage account: membership, reminders, grain state, checkpoints, reports.</summary>
public sealed class BlobRunTests(BlobAccount account) : IClassFixture<BlobAccount>
{
    private const int Iterations = 4, StepsPerIteration = 16 * 25;

    [Theory]
    [InlineData("AzureTable", 1)]
    [InlineData("AzureBlob", 2)]
    public async Task A_run_gives_the_weights_of_the_plain_loop(string storage, int shards)
    {
        await using var silo = await TestSilo.StartAsync(Settings(storage));
        var run = await Catalog(silo).Start(Request(shards, seed: 11));
        await Soon.IsAsync(async () => !(await Catalog(silo).GetStatus(run)).Active);
        await CheckFinishedAsync(silo, run);
        Assert.Equal(
            ["checkpoints/00000002-1/learner.safetensors", "checkpoints/00000002-1/policy.safetensors", "checkpoints/00000004-1/learner.safetensors",
                "checkpoints/00000004-1/policy.safetensors", "metrics.jsonl", "run.json", "summary.json"],
            await account.ListAsync($"{run}/"));

        await Catalog(silo).Delete(run);
        Assert.Empty(await account.ListAsync($"{run}/"));
        await Assert.ThrowsAsync<UnknownRunException>(() => Catalog(silo).GetStatus(run));
    }

    [Fact]
    public async Task A_run_whose_silo_was_killed_goes_on_elsewhere_to_the_undisturbed_weights()
    {
        var gate = new Gate();
        var held = new HookedCompute { Before = (iteration, _) => iteration == 3 ? gate.PassAsync() : Task.CompletedTask };
        using var first = await TestSilo.StartAsync(
            Settings("AzureTable"), services => services.Replace(ServiceDescriptor.Singleton<ILearnerComputeFactory>(held)));
        var run = await Catalog(first).Start(Request(shards: 2, seed: 12));
        await gate.Reached;
        var status = await Catalog(first).GetStatus(run);
        Assert.Equal((RunPhase.Running, "learning", 2), (status.Phase, status.Activity, status.Committed));
        await first.KillAsync();

        await using var second = await TestSilo.StartAsync(Settings("AzureTable"));
        await Catalog(second).Resume(run, null);
        await Soon.IsAsync(async () => !(await Catalog(second).GetStatus(run)).Active);
        gate.Open();
        await CheckFinishedAsync(second, run);
        Assert.Contains(await EventsAsync(second, run), told => told.Json.Contains("Going on from the checkpoint of iteration 2.", StringComparison.Ordinal));
    }

    /// <summary>The run has finished with the weights of a plain loop, and its reports say so, each thing once.</summary>
    private static async Task CheckFinishedAsync(TestSilo silo, string run)
    {
        var archive = silo.Services.GetRequiredService<IRunArchive>();
        Assert.IsType<BlobRunArchive>(archive);
        var status = await Catalog(silo).GetStatus(run);
        Assert.Equal((RunPhase.Finished, null, Iterations), (status.Phase, status.Error, status.Iteration));
        var hash = PlainRun.Hash(await archive.OpenAsync(run));
        var events = await EventsAsync(silo, run);
        Assert.Equal((long[])[2, 4], events.Where(told => told.Type == "checkpoint").Select(told => told.Iteration));
        Assert.Contains($"\"weightsHash\":\"{hash}\"", Assert.Single(events, told => told.Type == "finished").Json, StringComparison.Ordinal);
        Assert.Equal(events.Select(told => told.Json), await archive.ReadMetricsAsync(run));
        Assert.True(await archive.HasSummaryAsync(run));
        var entry = Assert.Single(await Catalog(silo).List(), entry => entry.Run == run);
        Assert.Equal(("finished", Iterations * StepsPerIteration), (entry.State, entry.EnvSteps));
        Assert.NotNull(entry.ReturnMean);
    }

    private static Task<EventMessage[]> EventsAsync(TestSilo silo, string run) => silo.Grains.GetGrain<IMetricsGrain>(run).Read(0);

    private static IRunCatalogGrain Catalog(TestSilo silo) => silo.Grains.GetGrain<IRunCatalogGrain>(IRunCatalogGrain.Key);

    private static RunRequest Request(int shards, ulong seed) => new()
    {
        Task = "simple-spread", Seed = seed, Steps = Iterations * StepsPerIteration, Copies = 16, Shards = shards, Threads = 1,
        CheckpointEvery = 2 * StepsPerIteration, EvaluateEvery = Iterations * StepsPerIteration,
        Settings = new Dictionary<string, string> { ["epochs"] = "2", ["hidden"] = "16" },
    };

    private ClusterSettings Settings(string storage) => TestSilo.Settings(new Dictionary<string, string?>
    {
        ["Madrl:Cluster:Clustering"] = "AzureTable", ["Madrl:Cluster:Storage"] = storage, ["Madrl:Cluster:Reminders"] = "AzureTable",
        ["Madrl:Cluster:Checkpoints"] = "AzureBlob", ["Madrl:Azure:ConnectionString"] = account.Server.ConnectionString,
    });
}
