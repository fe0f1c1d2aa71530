using System.Diagnostics;

namespace Madrl.Clustering.Tests.Servers;

/// <summary>A server in a process of its own, in a temporary folder, on loopback; both are gone when it is disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Long enough for any machine: it only keeps a test that hangs from hanging for ever.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly List<string> _said = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly Task _error;

    private ServerProcess(ProcessStartInfo start)
    {
        Folder = Directory.CreateTempSubdirectory("madrl-server-").FullName;
        (start.WorkingDirectory, start.RedirectStandardOutput, start.RedirectStandardError) = (Folder, true, true);
        _process = Process.Start(start)!;

        // Both are read to the end, so that the server never waits for a full pipe.
        _error = ReadAsync(_process.StandardError, _ => { });
    }

    public string Folder { get; }

    /// <summary>Starts a server and reads what it says until it is ready.</summary>
    /// <param name="start">The command.</param>
    /// <param name="lines">Told every line until one satisfies it.</param>
    /// <exception cref="InvalidOperationException">The server ended; the message is what it said.</exception>
    public static async Task<ServerProcess> StartAsync(ProcessStartInfo start, Func<string, bool> lines)
    {
        var server = new ServerProcess(start);
        try
        {
            await server.ReadUntilAsync(lines).WaitAsync(Limit);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(10 * Limit);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {string.Concat(said)}");
    }

    /// <summary>Sends a signal: <c>STOP</c> holds it where it is, <c>CONT</c> lets it go on, <c>TERM</c> asks it to end.</summary>
    public Task SignalAsync(string signal) => RunAsync("kill", $"-{signal}", $"{_process.Id}");

    /// <summary>Ends it at once, as a loss of power does, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task ReadUntilAsync(Func<string, bool> lines)
    {
        var output = ReadAsync(_process.StandardOutput, line =>
        {
            if (!_ready.Task.IsCompleted && lines(line)) _ready.SetResult();
        });
        if (await Task.WhenAny(_ready.Task, output) == _ready.Task) return;
        await output;
        await _error;
        throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {string.Join('\n', _said)}");
    }

    private async Task ReadAsync(StreamReader from, Action<string> tell)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_said) _said.Add(line);
            tell(line);
        }
    }
}
