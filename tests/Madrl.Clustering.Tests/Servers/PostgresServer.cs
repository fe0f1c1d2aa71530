using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Madrl.Clustering.Tests.Servers;

/// <summary>
/// A PostgreSQL server of its own, on a free loopback port, with its data in a temporary folder; anybody on this machine gets in
/// without a password. Linux only. The server refuses to run as root, so root starts it as the user <c>postgres</c>.
/// Nothing is flushed to disk: what a kill of the processes leaves is whole, what a power cut leaves is not.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int SigQuit = 3, SigKill = 9, SigCont = 18, SigStop = 19;

    private const string DebianFolder = "/usr/lib/postgresql";

    private readonly string _directory;
    private readonly Process _postmaster;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PostgresServer(string directory, int port)
    {
        (_directory, Port) = (directory, port);
        var data = Path.Combine(directory, "data");
        _postmaster = Program(
            "postgres", "-D", data, "-F", "-h", "127.0.0.1", "-p", $"{port}", "-k", directory,
            "-c", "dynamic_shared_memory_type=mmap", "-c", "max_connections=200");
        _postmaster.ErrorDataReceived += (_, line) => Note(line.Data);
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Npgsql's connection string: database and user <c>postgres</c>, who may do anything.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Database=postgres;Username=postgres";

    /// <summary>What the server has logged.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Makes an empty server and returns when it takes connections.</summary>
    /// <exception cref="InvalidOperationException">It does not start; the message holds its log.</exception>
    public static async Task<PostgresServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("madrl-postgres-").FullName;
        if (Environment.IsPrivilegedProcess) await RunAsync(Command("chown", "postgres", directory));
        await RunAsync(Program(
            "initdb", "-D", Path.Combine(directory, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));

        // Somebody else may take a free port before the server does.
        for (var attempt = 1; ; attempt++)
        {
            var server = new PostgresServer(directory, Ports.Free());
            if (await server.TryStartAsync()) return server;
            if (attempt < 5 && server.Log.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal)) continue;
            Directory.Delete(directory, recursive: true);
            throw new InvalidOperationException($"postgres does not start: {server.Log}");
        }
    }

    /// <summary>
    /// Stops all the server's processes where they are: connections stay open and new ones are accepted by the system, but nobody
    /// answers, as when a machine hangs or a network swallows packets.
    /// </summary>
    public void Pause()
    {
        // The postmaster first, so that it starts no more of them.
        Signal(SigStop, _postmaster.Id);
        foreach (var child in Children()) Signal(SigStop, child);
    }

    /// <summary>Ends a <see cref="Pause"/>.</summary>
    public void Resume()
    {
        foreach (var child in Children()) Signal(SigCont, child);
        Signal(SigCont, _postmaster.Id);
    }

    /// <summary>Kills all the server's processes at once; connections break and new ones are refused.</summary>
    public async Task KillAsync()
    {
        Pause();
        var children = Children();
        Signal(SigKill, _postmaster.Id);
        foreach (var child in children) Signal(SigKill, child);
        await _postmaster.WaitForExitAsync();
    }

    /// <summary>Stops the server, if it still runs, and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_postmaster.HasExited)
        {
            Resume();
            Signal(SigQuit, _postmaster.Id);
            await _postmaster.WaitForExitAsync();
        }

        _postmaster.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<bool> TryStartAsync()
    {
        _postmaster.Start();
        _postmaster.BeginErrorReadLine();
        var exit = _postmaster.WaitForExitAsync();
        return await Task.WhenAny(_ready.Task, exit) != exit;
    }

    private void Note(string? line)
    {
        if (line is null) return;
        _log.Enqueue(line);
        if (line.Contains("database system is ready to accept connections", StringComparison.Ordinal)) _ready.TrySetResult();
    }

    private int[] Children() =>
        [.. File.ReadAllText($"/proc/{_postmaster.Id}/task/{_postmaster.Id}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    /// <summary>A program of PostgreSQL: from the path, or from where Debian keeps it. setpriv becomes it, with its process id.</summary>
    private static Process Program(string name, params string[] arguments)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists(DebianFolder) ? Directory.GetDirectories(DebianFolder).Select(version => $"{version}/bin") : []);
        var file = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"'{name}' is not installed; install PostgreSQL (Debian: postgresql).");
        return Environment.IsPrivilegedProcess
            ? Command("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", file, .. arguments])
            : Command(file, arguments);
    }

    private static Process Command(string file, params string[] arguments) => new()
    {
        StartInfo = new ProcessStartInfo(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" },
    };

    private static async Task RunAsync(Process process)
    {
        using (process)
        {
            process.Start();
            var errors = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{string.Join(' ', process.StartInfo.ArgumentList)}: {await errors}");
        }
    }

    private static void Signal(int signal, int process)
    {
        // A child may have ended meanwhile.
        const int NoSuchProcess = 3;
        if (kill(process, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
            throw new InvalidOperationException($"Signal {signal} to {process}: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
