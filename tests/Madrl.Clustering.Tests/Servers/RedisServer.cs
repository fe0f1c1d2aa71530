using System.Diagnostics;

namespace Madrl.Clustering.Tests.Servers;

/// <summary>A redis-server of this machine on a port of its own, which keeps every write on disk.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    /// <summary>Starts that may fail because another process took the port between our looking and redis' binding.</summary>
    private const int MaxStarts = 5;

    private readonly ServerProcess _process;

    private RedisServer(ServerProcess process, string connectionString) => (_process, ConnectionString) = (process, connectionString);

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts a server, empty, and waits until it takes connections.</summary>
    /// <param name="password">What clients have to know; by default nothing.</param>
    public static async Task<RedisServer> StartAsync(string? password = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = Ports.Free();
            string[] secret = password is null ? [] : ["--requirepass", password];
            var start = new ProcessStartInfo("redis-server",
                ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync", "always", .. secret]);
            try
            {
                var process = await ServerProcess.StartAsync(start, line => line.Contains("Ready to accept connections", StringComparison.Ordinal));
                return new RedisServer(process, $"127.0.0.1:{port}{(password is null ? "" : $",password={password}")}");
            }
            catch (InvalidOperationException error) when (attempt < MaxStarts && error.Message.Contains("in use", StringComparison.Ordinal))
            {
                // Another port, then.
            }
        }
    }

    /// <summary>Holds it: it keeps its connections and answers nothing.</summary>
    public Task PauseAsync() => _process.SignalAsync("STOP");

    /// <summary>Lets it go on after <see cref="PauseAsync"/>.</summary>
    public Task ResumeAsync() => _process.SignalAsync("CONT");

    /// <summary>Ends it at once.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Ends it, and its data with it.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
