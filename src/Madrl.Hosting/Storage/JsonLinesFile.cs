using System.Text;

namespace Madrl.Hosting.Storage;

/// <summary>
/// A file of JSON objects, one per line, that is only appended to: a run's metrics. One writer at a time. Lines are buffered
/// until <see cref="FlushAsync"/>; a crash may tear what follows, and <see cref="TruncateAfter"/> mends that on resume.
/// </summary>
public sealed class JsonLinesFile : IAsyncDisposable
{
    /// <summary>Longest line in bytes of UTF-8, without its line end.</summary>
    public const int MaxLineBytes = 1024 * 1024;

    private const int BufferBytes = 64 * 1024;

    private readonly string path;
    private readonly FileStream stream;

    /// <summary>Opens a file for appending, and creates it if missing.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="StorageException">The file cannot be written, or ends in a torn line.</exception>
    public JsonLinesFile(string path)
    {
        this.path = path;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, BufferBytes);
            DurableDirectory.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
            RequireWholeLines();
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (!StorageException.Explains(error)) throw;
            throw StorageException.For(path, error);
        }
    }

    /// <summary>
    /// Drops a torn end, and every row whose <c>iteration</c> is beyond the last committed one: the resumed run writes those
    /// again. Rows without an iteration stay. The change is atomic and durable.
    /// </summary>
    /// <param name="path">The file; if missing, nothing happens.</param>
    /// <param name="lastIteration">The last committed iteration.</param>
    /// <returns>Lines dropped.</returns>
    /// <exception cref="StorageException">A line before the last is damaged, or the file cannot be replaced.</exception>
    public static int TruncateAfter(string path, long lastIteration)
    {
        if (!File.Exists(path)) return 0;
        var dropped = 0;
        AtomicFile.Write(path, target =>
        {
            using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            foreach (var row in JsonLinesReader.Read(source, path))
            {
                if (row.IsKeptAt(lastIteration)) target.Write(row.Line);
                else dropped++;
            }
        });
        return dropped;
    }

    /// <summary>Appends a line; it reaches the disk with the next <see cref="FlushAsync"/> at the latest.</summary>
    /// <param name="json">A JSON object on one line.</param>
    /// <exception cref="ArgumentException">The text has a line break or is longer than <see cref="MaxLineBytes"/>.</exception>
    /// <exception cref="StorageException">The disk is full.</exception>
    public void Append(string json)
    {
        var line = Encode(json);
        Do(() => stream.Write(line));
    }

    /// <summary>Makes every appended line survive a power loss.</summary>
    /// <exception cref="StorageException">The disk is full.</exception>
    public Task FlushAsync() => Task.Run(() => Do(() => stream.Flush(flushToDisk: true)));

    /// <summary>Flushes and closes the file.</summary>
    /// <exception cref="StorageException">The disk is full.</exception>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (stream.CanWrite) await FlushAsync();
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    /// <summary>The bytes of a line, its end included.</summary>
    /// <exception cref="ArgumentException">The text has a line break or is longer than <see cref="MaxLineBytes"/>.</exception>
    internal static byte[] Encode(string json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        if (json.Contains('\n'))
            throw new ArgumentException("A row of metrics must be one line: write it without indentation.", nameof(json));
        var line = Encoding.UTF8.GetBytes(json + "\n");
        if (line.Length - 1 > MaxLineBytes)
            throw new ArgumentException(
                $"A row of metrics has {line.Length - 1} bytes, the limit is {MaxLineBytes}; write less into it.", nameof(json));
        return line;
    }

    private void RequireWholeLines()
    {
        if (stream.Length == 0) return;
        stream.Seek(-1, SeekOrigin.End);
        if (stream.ReadByte() != '\n')
            throw new StorageException($"'{path}' ends in a torn line: resume the run, which removes it.");
    }

    private void Do(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            throw StorageException.For(path, error);
        }
    }
}
