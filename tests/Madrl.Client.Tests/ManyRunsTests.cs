using Madrl.Grains.Abstractions;

namespace Madrl.Client.Tests;

/// <summary>Two clients, ten runs at once on one silo.</summary>
[Collection(OverGateway.Name)]
public sealed class ManyRunsTests(OverGateway connection)
{
    private const int Runs = 10, Iterations = 150;

    [Fact]
    public async Task Ten_runs_of_two_clients_get_fair_shares_and_their_own_weights()
    {
        await using var second = await MadrlGateway.ConnectAsync([connection.Silo.Gateway], cancellationToken: TestContext.Current.CancellationToken);
        IMadrlClient[] clients = [connection.Client, second.Client];
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(index => clients[index % 2].StartAsync(Request(seed: (ulong)(index / 2)))));
        var ends = runs.Select((run, index) => EndAsync(clients[index % 2], run)).ToArray();
        await Task.WhenAny(ends);

        // When the first is done, none of the others has got less than half of it.
        var reports = await Task.WhenAll(runs.Select(run => second.Client.GetAsync(run)));
        Assert.All(reports, report => Assert.InRange(report.Iteration, Iterations / 2, Iterations));

        await Task.WhenAll(ends);
        var hashes = await Task.WhenAll(runs.Select(async run => (await second.Client.GetAsync(run)).Checkpoint!.WeightsHash));
        for (var index = 0; index < Runs; index += 2) Assert.Equal(hashes[index], hashes[index + 1]);
        Assert.Equal(Runs / 2, hashes.Distinct().Count());
    }

    private static async Task EndAsync(IMadrlClient client, string run)
    {
        await foreach (var _ in client.FollowAsync(run))
        {
        }
    }

    private static RunRequest Request(ulong seed) => new()
    {
        Task = "simple-spread", Steps = 40 * Iterations, Seed = seed, Copies = 8, Threads = 1,
        CheckpointEvery = 40 * Iterations, EvaluateEvery = 40 * Iterations,
        Settings = new Dictionary<string, string> { ["episode-limit"] = "5", ["agents"] = "2", ["hidden"] = "32", ["epochs"] = "4" },
    };
}
