using System.Text;
using Madrl.Environments.Drawing;
using Madrl.Hosting.Storage;

namespace Madrl.Terminal.Playing;

/// <summary>Collects the pictures of the first episodes for an SVG file.</summary>
internal sealed class FilmFile
{
    /// <summary>Pictures of a film: more would keep a browser from playing it smoothly. Whole episodes are kept, or a part of the first.</summary>
    public const int MaxPictures = 3000;

    /// <summary>What stands for what a process has open: <c>/dev/stdout</c> may be a file, which others write to as well.</summary>
    private static readonly string[] _open = ["/dev/std", "/dev/fd/", "/proc/self/fd/"];

    private readonly List<Frame> _frames = [];
    private readonly string _target;
    private int _whole;

    /// <summary>A film that is to be written to a file; checks now, before anything is played, that it can be.</summary>
    /// <param name="path">The file; where it is a link, the film goes to what that stands for.</param>
    /// <exception cref="UsageException">It is no ordinary file, or it cannot be written.</exception>
    public FilmFile(string path)
    {
        if (path.Length == 0) throw new UsageException("--svg needs a value: --svg FILE.");
        if (Directory.Exists(path)) throw Refused(path, "it is a folder; name a file in it");
        _target = Try(path, "it cannot be written", () => Target(path));
        var folder = Path.GetDirectoryName(_target)!;
        if (!Directory.Exists(folder)) throw Refused(path, $"there is no folder '{folder}'");
        if (_open.Any(Path.GetFullPath(path).StartsWith) || (File.Exists(_target) && !IsOrdinary(path)))
            throw Refused(path, "it is no ordinary file; name one");
        var trial = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        Try(path, $"nothing can be written to the folder '{folder}'",
            () => new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose)).Dispose();
        Name = path;
    }

    /// <summary>The file as the user named it.</summary>
    public string Name { get; }

    /// <summary>Whole episodes that are in it.</summary>
    public int Episodes { get; private set; }

    /// <summary>Whether it takes no more.</summary>
    public bool IsFull => _frames.Count == MaxPictures;

    /// <summary>The step after which it ends in the middle of the first episode; null where it has whole ones.</summary>
    public int? CutAfter => Episodes == 0 ? _frames.Count - 1 : null;

    /// <summary>Adds a picture.</summary>
    public void Add(Frame frame)
    {
        _frames.Add(frame);
        if (frame.IsLast) (Episodes, _whole) = (Episodes + 1, _frames.Count);
    }

    /// <summary>Writes the file, in place of one that is there.</summary>
    /// <param name="pace">How long a picture is shown.</param>
    /// <exception cref="StorageException">It cannot be written; what was there is as before.</exception>
    public void Write(TimeSpan pace)
    {
        using var text = new StringWriter();
        SvgDrawing.Write(text, Episodes == 0 ? _frames : _frames[.._whole], pace);
        AtomicFile.Write(_target, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>A pipe, a terminal or a device would be replaced by the film, not written to: of these none can be given a length.</summary>
    private static bool IsOrdinary(string path)
    {
        using var file = Try(path, "it cannot be written", () => new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        try
        {
            file.SetLength(file.Length);
            return true;
        }
        catch (Exception error) when (error is NotSupportedException or IOException)
        {
            return false;
        }
    }

    /// <summary>Full path of a file, or of what it is a link to.</summary>
    private static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    private static T Try<T>(string path, string reason, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, reason);
        }
    }

    private static UsageException Refused(string path, string reason) => new($"'{path}' is not a value of --svg: {reason}.");
}
