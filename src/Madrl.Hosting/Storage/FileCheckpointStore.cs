using System.Globalization;
using System.Security.Cryptography;
using Madrl.Protocols;

namespace Madrl.Hosting.Storage;

/// <summary>
/// Checkpoints as files, <c>checkpoints/{iteration, eight digits}-{epoch}/{name}</c> in the folder of their run.
/// </summary>
/// <param name="runFolder">Gives the folder of a run by the run's id.</param>
public sealed class FileCheckpointStore(Func<string, string> runFolder) : ICheckpointStore
{
    /// <summary>Largest file: what fits into one array, so that whatever was written can be read back.</summary>
    public const long MaxFileBytes = 2_147_483_591;

    /// <summary>Longest file name.</summary>
    public const int MaxNameLength = 128;

    internal const string FolderName = "checkpoints";

    /// <inheritdoc/>
    /// <exception cref="StorageException">The disk is full or read-only; nothing half-written remains under the name.</exception>
    /// <exception cref="ArgumentException">
    /// The name is not a plain file name, or the content is larger than <see cref="MaxFileBytes"/>.
    /// </exception>
    public Task<CheckpointFile> WriteAsync(
        string run, Ticket ticket, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = PathOf(run, ticket, name);
        if (content.Length > MaxFileBytes)
            throw new ArgumentException(
                $"'{name}' has {content.Length} bytes, the limit is {MaxFileBytes}; split it over several files.",
                nameof(content));
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
        var folder = Path.Combine(runFolder(run), FolderName);
        var kept = files.Select(file => PathOf(run, file.Ticket, file.Name)).ToHashSet(StringComparer.Ordinal);
        return Task.Run(() => Retain(folder, kept, upTo, cancellationToken), cancellationToken);
    }

    private static CheckpointFile Write(string path, Ticket ticket, string name, ReadOnlyMemory<byte> content)
    {
        DurableDirectory.Create(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, content);
        return new CheckpointFile(ticket.Epoch, ticket.Iteration, name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content.Span)));
    }

    private static byte[] Read(string path, CheckpointFile file)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.Length != file.Bytes || file.Bytes > MaxFileBytes)
                throw Damaged(path, $"has {stream.Length} bytes instead of {file.Bytes}");
            var content = new byte[file.Bytes];
            stream.ReadExactly(content);
            var hash = Convert.ToHexStringLower(SHA256.HashData(content));
            return hash == file.Sha256 ? content : throw Damaged(path, $"has the SHA-256 {hash} instead of {file.Sha256}");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Damaged(path, "is missing", error);
        }
        catch (EndOfStreamException error)
        {
            throw Damaged(path, $"ends before its {file.Bytes} bytes", error);
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
                // A folder of another name is not ours.
                if (TicketOf(Path.GetFileName(checkpoint)) is not { } ticket || ticket.CompareTo(upTo) > 0) continue;
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

    private static CheckpointDamagedException Damaged(string path, string what, Exception? inner = null) =>
        new($"Checkpoint file '{path}' {what}; restore it from a copy, or resume from an older checkpoint.", inner);

    private string PathOf(string run, Ticket ticket, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ticket.Iteration, nameof(ticket));
        ArgumentOutOfRangeException.ThrowIfNegative(ticket.Epoch, nameof(ticket));
        if (!IsPlain(name))
            throw new ArgumentException(
                $"'{name}' cannot name a checkpoint file: it takes letters, digits, '.', '_' and '-', not '.' first, "
                + $"at most {MaxNameLength}.", nameof(name));
        return Path.Combine(runFolder(run), FolderName, NameOf(ticket), name);
    }

    private static string NameOf(Ticket ticket) => string.Create(CultureInfo.InvariantCulture, $"{ticket.Iteration:D8}-{ticket.Epoch}");

    private static Ticket? TicketOf(string name) =>
        name.Split('-') is [var first, var second]
        && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var iteration)
        && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) ? new Ticket(epoch, iteration) : null;

    // What every file system takes. The first character keeps the names apart from those of temporary files.
    private static bool IsPlain(string name) =>
        name is { Length: > 0 and <= MaxNameLength } && name[0] != '.'
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
}
