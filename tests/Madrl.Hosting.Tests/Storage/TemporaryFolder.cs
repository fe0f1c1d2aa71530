namespace Madrl.Hosting.Tests.Storage;

/// <summary>A folder that goes with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("madrl-storage-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A clock that stands still.</summary>
public sealed class StoppedClock : TimeProvider
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 17, 32, 5, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
