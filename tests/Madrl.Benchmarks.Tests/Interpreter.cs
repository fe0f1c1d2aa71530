using Madrl.Benchmarks.Peer;

namespace Madrl.Benchmarks.Tests;

/// <summary>Programs that stand where a Python interpreter is expected, and a real one.</summary>
internal sealed class Interpreter : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    /// <summary>A shell script as interpreter, which is given our script and ignores it.</summary>
    public Interpreter(string script)
    {
        File.WriteAllText(_file, $"#!/bin/bash\n{script}\n");
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("These tests use shell scripts: run them on Linux.");
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>An interpreter with PyTorch: Debian's, or the one that <c>MADRL_PEER</c> names.</summary>
    public static string WithTorch => Environment.GetEnvironmentVariable("MADRL_PEER") ?? "/usr/bin/python3";

    public PeerProcess Start() => PeerProcess.Start(_file);

    public void Dispose() => File.Delete(_file);
}
