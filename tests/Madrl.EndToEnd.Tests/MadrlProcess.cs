using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Threading.Channels;

namespace Madrl.EndToEnd.Tests;

/// <summary>The console program in a process of its own, which ends with the test at the latest.</summary>
public sealed class MadrlProcess : IDisposable
{
    /// <summary>Long enough for any machine: it only keeps a test that hangs from hanging for ever.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Channel<string> _notices = Channel.CreateUnbounded<string>();
    private readonly Task<string> _error;

    private MadrlProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        // Short processes do not live to see what profiling would gain.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
        _error = ReadErrorAsync();
    }

    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static string Program { get; } = Metadata("ClientPath");

    public int Id => _process.Id;

    public static string Metadata(string key) => typeof(MadrlProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;

    /// <summary>Starts the program in a folder.</summary>
    public static MadrlProcess Start(string folder, params IEnumerable<string> arguments) =>
        new(new ProcessStartInfo(Dotnet, ["exec", Program, .. arguments]) { WorkingDirectory = folder });

    /// <summary>Starts the silo program in a folder, with settings as environment variables.</summary>
    public static MadrlProcess StartSilo(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = Other("SiloPath", folder, arguments);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new MadrlProcess(start);
    }

    /// <summary>Starts the sample program that trains on a silo, in a folder.</summary>
    public static MadrlProcess StartSample(string folder, params IEnumerable<string> arguments) =>
        new(Other("SamplePath", folder, arguments));

    /// <summary>Starts the sample program with a game of its own, in a folder.</summary>
    public static MadrlProcess StartOwnGame(string folder, params IEnumerable<string> arguments) =>
        new(Other("OwnGamePath", folder, arguments));

    /// <summary>Starts a shell line in which <c>$MADRL</c> is the program.</summary>
    public static MadrlProcess Shell(string folder, string line)
    {
        var start = new ProcessStartInfo("bash", ["-c", line]) { WorkingDirectory = folder };
        start.Environment["MADRL"] = $"{Dotnet} exec {Program}";
        return new MadrlProcess(start);
    }

    /// <summary>The next line of stdout; null at the end.</summary>
    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit);

    /// <summary>Reads lines of stdout, to the first that is of a later iteration.</summary>
    public async Task ReadPastAsync(long iteration)
    {
        long? reached;
        do
        {
            var line = await ReadLineAsync();
            reached = line is null ? null : (long?)Workplace.Json(line)["iteration"];
            if (reached is null) throw new InvalidOperationException($"After iteration {iteration} came: {line ?? await _error}");
        }
        while (reached <= iteration);
    }

    /// <summary>Waits for a line of stderr that contains <paramref name="part"/>.</summary>
    public async Task NoticeAsync(string part)
    {
        while (!(await _notices.Reader.ReadAsync().AsTask().WaitAsync(Limit)).Contains(part, StringComparison.Ordinal))
        {
        }
    }

    /// <summary>Reads to the end.</summary>
    public async Task<Outcome> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return new Outcome(_process.ExitCode, Outcome.Lines(output), await _error.WaitAsync(Limit));
    }

    /// <summary>Ends the process as <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends what Ctrl-C sends.</summary>
    public async Task InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    private static ProcessStartInfo Other(string path, string folder, IEnumerable<string> arguments) =>
        new(Dotnet, ["exec", Metadata(path), .. arguments]) { WorkingDirectory = folder };

    private async Task<string> ReadErrorAsync()
    {
        var text = new StringBuilder();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            _notices.Writer.TryWrite(line);
        }

        _notices.Writer.Complete();
        return text.ToString();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Lines of stdout.</param>
/// <param name="Error">All of stderr.</param>
public sealed record Outcome(int ExitCode, IReadOnlyList<string> Output, string Error)
{
    /// <summary>Lines of stderr.</summary>
    public string[] ErrorLines => Lines(Error);

    /// <summary>The objects of stdout; the end of a line that a kill cut short is none.</summary>
    public IEnumerable<string> Objects => Output.Where(line => line.EndsWith('}'));

    public static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
