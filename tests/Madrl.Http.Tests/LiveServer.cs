using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Madrl.Client;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madrl.Http.Tests;

/// <summary>The API over real grains, for all tests of this assembly: a silo, its runs in a temporary folder, a web server.</summary>
public sealed class LiveServer : IAsyncLifetime
{
    /// <summary>A variable whose value is a secret, and the secret in it.</summary>
    public const string SecretVariable = "OTEL_EXPORTER_OTLP_HEADERS", Secret = "Zm9yLW5vYm9keQ";

    private RunDirectory _runs = null!;
    private EmbeddedSilo _silo = null!;
    private string _finished = "";

    /// <summary>A folder that holds the folder of runs and nothing else.</summary>
    public string Outside { get; } = Directory.CreateTempSubdirectory("madrl-http-").FullName;

    public string Runs => Path.Combine(Outside, "runs");

    public LogCollector Logs { get; } = new();

    public IMadrlClient Client { get; private set; } = null!;

    public WebServer Web { get; private set; } = null!;

    public HttpClient Http => Web.Http;

    /// <summary>A run that this process may start at no cost: seconds at most.</summary>
    public static JsonObject Request(long steps = 400) => new()
    {
        ["task"] = "simple-spread", ["copies"] = 8, ["threads"] = 1, ["steps"] = steps,
        ["settings"] = new JsonObject { ["episode-limit"] = "5", ["agents"] = "2", ["hidden"] = "8", ["epochs"] = "2" },
    };

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable(SecretVariable, $"api-key={Secret}");
        _runs = new RunDirectory(Runs);
        _silo = await EmbeddedSilo.StartAsync(_runs, silo => silo.Services.AddLogging(logging => logging.AddProvider(Logs)));
        Client = new MadrlClient(_silo.Client, TimeProvider.System);
        Web = await WebServer.StartAsync(Client, Logs);
    }

    /// <summary>Starts a run over HTTP.</summary>
    public async Task<string> StartAsync(long steps = 400)
    {
        using var answer = await Http.PostAsJsonAsync("/api/v1/runs", Request(steps));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["run"]!;
    }

    /// <summary>A finished run, which every test may read and none may change.</summary>
    public async Task<string> FinishedAsync()
    {
        if (_finished.Length == 0) _finished = await FinishAsync(await StartAsync());
        return _finished;
    }

    /// <summary>Waits until a run trains no more.</summary>
    public async Task<string> FinishAsync(string run)
    {
        using var hang = new CancellationTokenSource(Limits.Hang);
        await foreach (var _ in Client.FollowAsync(run, 0, hang.Token))
        {
        }

        return run;
    }

    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        await _silo.DisposeAsync();
        _runs.Dispose();
        Directory.Delete(Outside, recursive: true);
    }
}
