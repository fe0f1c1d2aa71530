using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Madrl.Benchmarks.Cases;

namespace Madrl.Benchmarks.Peer;

/// <summary>A program in Python that does the same in a process of its own.</summary>
/// <param name="Script">Name of the program among this assembly's resources. It greets with <c>ready OFFER</c>, then answers lines
/// <c>CASE UPDATES</c> by the microseconds per update and what the last one measured.</param>
/// <param name="Needs">What the interpreter must have, for messages.</param>
public sealed record PeerProgram(string Script, string Needs)
{
    /// <summary>Updates in PyTorch. Offers its version.</summary>
    public static PeerProgram Learner { get; } = new("learner_peer.py", "PyTorch");

    /// <summary>Steps of the reference programs' games. Offers TASK:RULES, joined by commas, of all whose packages it finds.</summary>
    public static PeerProgram Environments { get; } = new("environment_peer.py", "mpe2, lbforaging or rware");
}

/// <summary>A <see cref="PeerProgram"/> that runs.</summary>
public sealed class PeerProcess : IDisposable
{
    /// <summary>Longer than any answer takes; it only keeps a peer that hangs from hanging this program.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly PeerProgram _program;
    private readonly string _interpreter;
    private readonly string _folder;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private PeerProcess(PeerProgram program, string interpreter, string folder, Process process)
    {
        (_program, _interpreter, _folder, _process) = (program, interpreter, folder, process);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it greeted with: PyTorch's version, or tasks.</summary>
    public string Offer { get; private set; } = "";

    /// <summary>Starts a peer.</summary>
    /// <param name="program">What it is to do.</param>
    /// <param name="interpreter">A Python interpreter that has what the program needs.</param>
    /// <exception cref="ArgumentException">There is no such interpreter, or it lacks what the program needs.</exception>
    /// <exception cref="BenchmarkException">It answers something else than the script does.</exception>
    public static PeerProcess Start(PeerProgram program, string interpreter)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentException.ThrowIfNullOrEmpty(interpreter);
        var folder = Directory.CreateTempSubdirectory("madrl-peer-").FullName;
        Process process;
        try
        {
            process = Process.Start(Command(program.Script, interpreter, folder))!;
        }
        catch (Win32Exception error)
        {
            Directory.Delete(folder, recursive: true);
            var reason = new Win32Exception(error.NativeErrorCode).Message;
            throw new ArgumentException($"'{interpreter}' cannot be started ({reason}): name a Python interpreter with {program.Needs}.", error);
        }

        var peer = new PeerProcess(program, interpreter, folder, process);
        try
        {
            peer.Greet();
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>The peer as a contender of a case.</summary>
    /// <param name="name">The case's name, which tells the script what to do.</param>
    internal Contender Contender(string name) => new PeerContender(this, name);

    /// <summary>The peer as a contender of a case that has data.</summary>
    /// <param name="name">The case's name, which tells the script what to do.</param>
    /// <param name="data">Weights, batch and numbers.</param>
    internal Contender Contender(string name, CaseData data)
    {
        File.WriteAllBytes(Path.Combine(_folder, $"{name}.safetensors"), data.ToFile());
        return Contender(name);
    }

    /// <summary>Has the peer make updates.</summary>
    /// <returns>Microseconds per update, then what the last one measured.</returns>
    internal double[] Ask(string name, int updates)
    {
        string? line;
        try
        {
            _process.StandardInput.WriteLine($"{name} {updates}");
            _process.StandardInput.Flush();
            line = ReadLine();
        }
        catch (IOException)
        {
            line = null;
        }

        if (line is null) throw new BenchmarkException($"The peer {_interpreter} ended during {name}{Reason()}");
        double[] numbers = [.. line.Split(' ').Select(part => double.TryParse(part, CultureInfo.InvariantCulture, out var number) ? number : double.NaN)];
        return numbers.Length > 1 && numbers.All(double.IsFinite) && numbers[0] > 0
            ? numbers
            : throw new BenchmarkException($"The peer {_interpreter} answered '{Shorten(line)}' to {name}, not a time and finite numbers.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static ProcessStartInfo Command(string script, string interpreter, string folder)
    {
        using var stream = typeof(PeerProcess).Assembly.GetManifestResourceStream(script)!;
        using var reader = new StreamReader(stream);
        var command = new ProcessStartInfo(interpreter, ["-c", reader.ReadToEnd(), folder])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        command.Environment["OMP_NUM_THREADS"] = "1";

        // OpenBLAS is to use what the processor has: an inherited name of an older one halves its speed.
        command.Environment.Remove("OPENBLAS_CORETYPE");
        if (Avx512F.IsSupported) command.Environment["OPENBLAS_CORETYPE"] = "SkylakeX";
        return command;
    }

    private void Greet()
    {
        var line = ReadLine() ?? throw new ArgumentException($"'{_interpreter}' is no Python interpreter with {_program.Needs}{Reason()}");
        if (line.Split(' ') is not ["ready", var offer])
            throw new BenchmarkException($"The peer {_interpreter} answered '{Shorten(line)}' when it was started, not 'ready'.");
        Offer = offer;
    }

    private string? ReadLine()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            return _process.StandardOutput.ReadLineAsync(limit.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException error)
        {
            throw new BenchmarkException($"The peer {_interpreter} did not answer within {Limit.TotalSeconds:0} s.", error);
        }
    }

    /// <summary>What a peer that ended said last, as the end of a sentence.</summary>
    private string Reason()
    {
        _process.WaitForExit();
        var last = _errors.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return last is null ? $": it ended with exit code {_process.ExitCode}." : $": {Shorten(last)}";
    }

    private static string Shorten(string line) => line.Length <= 200 ? line : line[..200] + "…";
}

/// <summary>A case as the peer computes it.</summary>
internal sealed class PeerContender(PeerProcess peer, string name) : Contender
{
    private double[] _measured = [];

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measured => _measured;

    /// <inheritdoc/>
    public override double Run(int updates)
    {
        var numbers = peer.Ask(name, updates);
        _measured = numbers[1..];
        return numbers[0] * updates / 1e6;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
