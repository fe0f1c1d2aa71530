using System.Diagnostics;

namespace Madrl.Clustering.Tests.Servers;

/// <summary>
/// Azurite, Microsoft's emulator of Azure Storage, with blobs, queues and tables in its memory. It is a package of npm,
/// installed once for this user and used again from then on.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const string Version = "3.37.0", Account = "madrl", Services = "Blob Queue Table";

    private readonly ServerProcess _process;

    private AzuriteServer(ServerProcess process, string connectionString) => (_process, ConnectionString) = (process, connectionString);

    /// <summary>For Azure's clients.</summary>
    public string ConnectionString { get; }

    private static string Key => Convert.ToBase64String("not a secret"u8);

    /// <summary>Starts a server, empty, on free ports and waits until all three services take connections.</summary>
    public static async Task<AzuriteServer> StartAsync()
    {
        var program = Path.Combine(await InstallAsync(), "node_modules", "azurite", "dist", "src", "azurite.js");
        var start = new ProcessStartInfo("node",
        [
            program, "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence", "--blobPort", "0", "--queuePort", "0", "--tablePort", "0",
        ]);
        start.Environment["AZURITE_ACCOUNTS"] = $"{Account}:{Key}";
        var endpoints = new Dictionary<string, string>();
        var process = await ServerProcess.StartAsync(start, line =>
        {
            // "Azurite Blob service is successfully listening at http://127.0.0.1:37791"
            if (line.Split(' ') is ["Azurite", var service, .., "listening", "at", var url]) endpoints[service] = $"{url}/{Account}";
            return endpoints.Count == Services.Split(' ').Length;
        });
        return new AzuriteServer(process, $"AccountName={Account};AccountKey={Key};"
            + string.Concat(endpoints.Select(endpoint => $"{endpoint.Key}Endpoint={endpoint.Value};")));
    }

    /// <summary>Holds it: it keeps its connections and answers nothing.</summary>
    public Task PauseAsync() => _process.SignalAsync("STOP");

    /// <summary>Lets it go on after <see cref="PauseAsync"/>.</summary>
    public Task ResumeAsync() => _process.SignalAsync("CONT");

    /// <summary>Ends it at once.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Ends it, and its data with it.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<string> InstallAsync()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache)) cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var installed = Path.Combine(cache, "madrl-tests", $"azurite-{Version}");
        if (Directory.Exists(installed)) return installed;

        // Renamed when whole: an installation that was interrupted, or that another process makes too, is never half seen.
        var partial = $"{installed}-{Environment.ProcessId}";
        await ServerProcess.RunAsync("npm", "install", "--prefix", partial, "--no-audit", "--no-fund", "--ignore-scripts", $"azurite@{Version}");
        try
        {
            Directory.Move(partial, installed);
        }
        catch (IOException) when (Directory.Exists(installed))
        {
            Directory.Delete(partial, recursive: true);
        }

        return installed;
    }
}
