using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Madrl.Clustering.Tests.Servers;

namespace Madrl.EndToEnd.Tests.Cluster;

/// <summary>Clusters take all of this machine's cores: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection
{
    public const string Name = "cluster";
}

/// <summary>
/// Three silo processes on loopback that settings alone make a cluster: two for agents and environments, one for learners, over a
/// Redis or PostgreSQL server of their own. Runs are started and watched over HTTP, through whichever silo answers.
/// </summary>
internal sealed class ThreeSilos : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly IAsyncDisposable _server;
    private readonly Dictionary<string, string> _settings;

    private ThreeSilos(IAsyncDisposable server, string provider, string connection)
    {
        _server = server;
        _settings = new()
        {
            ["Madrl__Cluster__Clustering"] = provider, ["Madrl__Cluster__Storage"] = provider, ["Madrl__Cluster__Reminders"] = provider,
            [$"Madrl__{provider}__ConnectionString"] = connection,
        };
        Silos = [.. Enumerable.Range(1, 3).Select(number =>
            Another(("Madrl__Silo__Name", $"silo-{number}"), ("Madrl__Silo__Roles", number == 3 ? "learners" : "agents")))];
    }

    public Workplace Work { get; } = new();

    public SiloProcess[] Silos { get; }

    /// <summary>Starts a Redis server and three silos.</summary>
    public static async Task<ThreeSilos> OnRedisAsync(RedisServer? server = null)
    {
        server ??= await RedisServer.StartAsync();
        return await StartAsync(new ThreeSilos(server, "Redis", server.ConnectionString));
    }

    /// <summary>Starts a PostgreSQL server and three silos.</summary>
    public static async Task<ThreeSilos> OnPostgresAsync()
    {
        var server = await PostgresServer.StartAsync();
        return await StartAsync(new ThreeSilos(server, "AdoNet", server.ConnectionString));
    }

    /// <summary>A silo more, of another cluster over the same server and folder: what a network that is split looks like.</summary>
    public SiloProcess Beyond() => Another(("Madrl__Cluster__ClusterId", "beyond"));

    /// <summary>A silo more, of this cluster unless its settings say otherwise.</summary>
    public SiloProcess Another(params IEnumerable<(string Name, string Value)> settings) => new(
        Work, new Dictionary<string, string>(_settings.Concat(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))));

    /// <summary>Starts a run.</summary>
    public Task<string> StartRunAsync(ClusterRun run, SiloProcess? through = null) => StartRunAsync(run.Request(), through ?? Silos[0]);

    /// <summary>Starts a run.</summary>
    public static async Task<string> StartRunAsync(JsonObject request, SiloProcess through)
    {
        using var response = await through.Http.PostAsJsonAsync("/api/v1/runs", request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["run"]!;
    }

    /// <summary>Where a run stands, from whichever silo answers; null where none does.</summary>
    public async Task<JsonNode?> StatusAsync(string run)
    {
        foreach (var silo in Silos)
        {
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
                using var response = await silo.Http.GetAsync($"/api/v1/runs/{run}", patience.Token);
                if (response.IsSuccessStatusCode) return await response.Content.ReadFromJsonAsync<JsonNode>(patience.Token);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                // Another silo, then.
            }
        }

        return null;
    }

    /// <summary>Waits until a run stands as wanted.</summary>
    public async Task<JsonNode> UntilAsync(string run, Func<JsonNode, bool> wanted)
    {
        using var patience = new CancellationTokenSource(MadrlProcess.Limit);
        while (true)
        {
            var status = await StatusAsync(run);
            if (status is not null)
            {
                Assert.True((string)status["phase"]! != "failed", (string?)status["error"]);
                if (wanted(status)) return status;
            }

            Assert.False(patience.IsCancellationRequested, $"{run} does not get there: {status}");
            await Task.Delay(PollInterval);
        }
    }

    /// <summary>Waits for the end of a run.</summary>
    /// <returns>Its weights' hash.</returns>
    public async Task<string> HashAsync(string run) =>
        (string)(await UntilAsync(run, status => (string)status["phase"]! == "finished" && !(bool)status["active"]!))["checkpoint"]!["weightsHash"]!;

    /// <summary>Stops a run, whose weights must be those of as many iterations in one process.</summary>
    public async Task AssertUndisturbedAsync(string id, ClusterRun run)
    {
        using var response = await Silos[0].Http.PostAsync($"/api/v1/runs/{id}/stop", null);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var saved = (await UntilAsync(id, status => (string)status["phase"]! == "stopped" && !(bool)status["active"]!))["checkpoint"]!;
        Assert.Equal(await AloneAsync(run with { Iterations = (int)saved["iteration"]! }), (string?)saved["weightsHash"]);
    }

    /// <summary>Weights' hash of the same run in one process.</summary>
    public async Task<string> AloneAsync(ClusterRun run)
    {
        var folder = Path.Combine(Work.Folder, "alone");
        return (string)(await Work.FinishAsync([.. run.Arguments(), "--out", folder]))["weightsHash"]!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos) silo.Dispose();
        await _server.DisposeAsync();
        Work.Dispose();
    }

    private static async Task<ThreeSilos> StartAsync(ThreeSilos cluster)
    {
        try
        {
            await Task.WhenAll(cluster.Silos.Select(silo => silo.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }
}
