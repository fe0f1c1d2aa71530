using Madrl.Protocols;

namespace Madrl.Hosting.Storage;

/// <summary>
/// Checkpoints as files, <c>checkpoints/{iteration, eight digits}-{epoch}/{name}</c> in the folder of their run.
/// </summary>
/// <param name="runFolder">Gives the folder of a run by the run's id.</param>
public sealed class FileCheckpointStore(Func<string, string> runFolder) : ICheckpointStore
{
    /// <inheritdoc/>
    /// <exception cref="StorageException">The disk is full or read-only; nothing half-written remains under the name.</exception>
    public Task<CheckpointFile> WriteAsync(
        string run, Ticket ticket, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = PathOf(run, ticket, name);
        CheckpointFiles.CheckLength(name, content);
        return Task.Run(() => Write(path, ticket, name, content), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="StorageException">The disk cannot be read.</exception>
    public Task<byte[]> ReadAsync(string run, CheckpointFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var path = PathOf(run, file.Ticket, file.Name);
        return Task.Run(() => Read(path, file), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Also removes what a crash left half-written. Call it while no checkpoint is being written. A crash in the middle leaves
    /// part of a checkpoint that nothing names; the next call removes it.
    /// </remarks>
    /// <exception cref="StorageException">The disk is read-only.</exception>
    public Task RetainAsync(string run, IReadOnlyCollection<CheckpointFile> files, Ticket upTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        var folder = Path.Combine(runFolder(run), CheckpointFiles.FolderName);
        var kept = files.Select(file => PathOf(run, file.Ticket, file.Name)).ToHashSet(StringComparer.Ordinal);
        return Task.Run(() => Retain(folder, kept, upTo, cancellationToken), cancellationToken);
    }

    private static CheckpointFile Write(string path, Ticket ticket, string name, ReadOnlyMemory<byte> content)
    {
        DurableDirectory.Create(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, content);
        return CheckpointFiles.Describe(ticket, name, content.Span);
    }

    private static byte[] Read(string path, CheckpointFile file)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            CheckpointFiles.CheckLength(file, stream.Length, path);
            var content = new byte[file.Bytes];
            stream.ReadExactly(content);
            CheckpointFiles.CheckHash(file, content, path);
            return content;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CheckpointFiles.Damaged(path, "is missing", error);
        }
        catch (EndOfStreamException error)
        {
            throw CheckpointFiles.Damaged(path, $"ends before its {file.Bytes} bytes", error);
        }
        catch (Exception error) when (error is not CheckpointDamagedException && StorageException.Explains(error))
        {
            throw StorageException.For(path, error);
        }
    }

    private static void Retain(string folder, HashSet<string> kept, Ticket upTo, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) return;
        try
        {
            foreach (var checkpoint in Directory.GetDirectories(folder))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (CheckpointFiles.TicketOf(Path.GetFileName(checkpoint)) is not { } ticket || ticket.CompareTo(upTo) > 0) continue;
                var files = Directory.GetFiles(checkpoint);
                foreach (var file in files.Where(file => !kept.Contains(file))) File.Delete(file);
                if (!files.Any(kept.Contains)) Directory.Delete(checkpoint, recursive: true);
            }
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            throw StorageException.For(folder, error);
        }
    }

    private string PathOf(string run, Ticket ticket, string name)
    {
        CheckpointFiles.CheckName(name);
        return Path.Combine(runFolder(run), CheckpointFiles.FolderName, CheckpointFiles.FolderOf(ticket), name);
    }
}
