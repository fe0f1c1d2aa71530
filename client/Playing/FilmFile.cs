using System.Text;
using Madrl.Environments.Drawing;
using Madrl.Hosting.Storage;

namespace Madrl.Terminal.Playing;

/// <summary>Collects the pictures of the first episodes for an SVG file.</summary>
/// <param name="path">The file.</param>
internal sealed class FilmFile(string path)
{
    /// <summary>More would keep a browser from playing it smoothly.</summary>
    private const int MaxFrames = 3000;

    private readonly List<Frame> _frames = [];

    /// <summary>Checks where a film is to be written, before anything is played.</summary>
    /// <exception cref="UsageException">The folder does not exist, or the path is that of a folder.</exception>
    public static void Check(string path)
    {
        if (path.Length == 0) throw new UsageException("--svg needs a value: --svg FILE.");
        if (Directory.Exists(path)) throw new UsageException($"'{path}' is not a value of --svg: it is a folder; name a file in it.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder)) throw new UsageException($"'{path}' is not a value of --svg: there is no folder '{folder}'.");
    }

    /// <summary>Episodes that are in it.</summary>
    public int Episodes { get; private set; }

    /// <summary>Whether an episode of so many steps still has room.</summary>
    public bool HasRoom(int steps) => _frames.Count == 0 || _frames.Count + steps + 1 <= MaxFrames;

    /// <summary>Adds a picture.</summary>
    public void Add(Frame frame)
    {
        _frames.Add(frame);
        if (frame.IsLast) Episodes++;
    }

    /// <summary>Writes the file, in place of one that is there.</summary>
    /// <param name="pace">How long a picture is shown.</param>
    /// <exception cref="StorageException">It cannot be written; what was there is as before.</exception>
    public void Write(TimeSpan pace)
    {
        using var text = new StringWriter();
        SvgDrawing.Write(text, _frames, pace);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
    }
}
