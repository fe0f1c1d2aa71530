using Madrl.Environments.Games.Matrix;

namespace Madrl.Environments.Tests.Matrix;

/// <summary>A temporary file with a game.</summary>
internal sealed class GameFile : IDisposable
{
    public GameFile(string json)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());
        File.WriteAllText(Path, json);
    }

    public string Path { get; }

    public IMarkovGame Create(int copies, bool observeLast = false) =>
        new MatrixDefinition().Create(copies, new MatrixOptions { Game = Path, ObserveLast = observeLast });

    public void Dispose() => File.Delete(Path);
}
