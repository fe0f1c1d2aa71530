namespace Madrl.Hosting.Storage;

/// <summary>
/// Replaces whole files so that a crash or a power loss at any moment leaves the old content or the new one, never a mixture:
/// written under a temporary name in the same folder, flushed, renamed over, and the folder flushed.
/// </summary>
public static class AtomicFile
{
    private const int BufferBytes = 64 * 1024;
    private const string TemporarySuffix = ".tmp";

    /// <summary>Writes a file. When the call returns, the content survives a power loss.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="StorageException">The disk is full or read-only or the folder missing; the file is as before.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    /// <summary>Writes a file from what <paramref name="write"/> puts into a stream; otherwise as the other overload.</summary>
    /// <exception cref="StorageException">The disk is full or read-only or the folder missing; the file is as before.</exception>
    internal static void Write(string path, Action<Stream> write)
    {
        var temporary = TemporaryFor(path);
        try
        {
            using (var stream = Create(temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            Commit(temporary, path);
        }
        catch (Exception error)
        {
            Discard(temporary);
            if (!StorageException.Explains(error)) throw;
            throw StorageException.For(path, error);
        }
    }

    /// <summary>Whether a name is that of a file which a crash left half-written.</summary>
    internal static bool IsTemporary(string name) =>
        name.StartsWith('.') && name.EndsWith(TemporarySuffix, StringComparison.Ordinal);

    private static FileStream Create(string temporary) =>
        new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);

    // The name is random, so that two writers of one file do not share a temporary one; the last rename wins.
    private static string TemporaryFor(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var name = $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}{TemporarySuffix}";
        return Path.Combine(Path.GetDirectoryName(full)!, name);
    }

    private static void Commit(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        DurableDirectory.Flush(Path.GetDirectoryName(temporary)!);
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            // The error that led here is the one to report; what is left over bears a name that nobody reads.
        }
    }
}
