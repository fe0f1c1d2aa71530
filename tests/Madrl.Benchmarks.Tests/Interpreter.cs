using Madrl.Benchmarks.Peer;

namespace Madrl.Benchmarks.Tests;

/// <summary>Programs that stand where a Python interpreter is expected.</summary>
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

    public PeerProcess Start(PeerProgram? program = null) => PeerProcess.Start(program ?? PeerProgram.Learner, _file);

    public void Dispose() => File.Delete(_file);
}
