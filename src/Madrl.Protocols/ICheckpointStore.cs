using System.Text.Json.Serialization;

namespace Madrl.Protocols;

/// <summary>One immutable file of a checkpoint. Later checkpoints may name it too: what has not changed is not written again.</summary>
/// <param name="Epoch">The opening of the run that wrote it.</param>
/// <param name="Iteration">The iteration whose checkpoint it was written for.</param>
/// <param name="Name">File name within that checkpoint.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hexadecimal.</param>
public sealed record CheckpointFile(long Epoch, long Iteration, string Name, long Bytes, string Sha256)
{
    /// <summary>The ticket under which it was written.</summary>
    [JsonIgnore]
    public Ticket Ticket => new(Epoch, Iteration);
}

/// <summary>
/// Where checkpoints lie. Files are written before the run's state names them (that is the commit) and never change
/// afterwards; a checkpoint that was never committed is garbage which <see cref="RetainAsync"/> removes. Every opening of a
/// run writes under its own epoch, so that one which was superseded without knowing it touches nothing of its successor's.
/// </summary>
public interface ICheckpointStore
{
    /// <summary>Largest file: what fits into one array, so that whatever was written can be read back.</summary>
    const long MaxFileBytes = 2_147_483_591;

    /// <summary>Longest file name.</summary>
    const int MaxNameLength = 128;

    /// <summary>Writes a file durably: when the task completes, the content survives a crash of the machine. Writing it again replaces it.</summary>
    /// <exception cref="ArgumentException">
    /// The name is not a plain file name, or the content is larger than <see cref="MaxFileBytes"/>.
    /// </exception>
    /// <exception cref="IOException">The disk is full or read-only; nothing half-written remains under the name.</exception>
    /// <exception cref="UnavailableException">The store does not answer; whether the file was written is not known.</exception>
    Task<CheckpointFile> WriteAsync(string run, Ticket ticket, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads a file back and checks it against its hash.</summary>
    /// <exception cref="CheckpointDamagedException">The file is missing, or is not what was written.</exception>
    /// <exception cref="UnavailableException">The store does not answer.</exception>
    Task<byte[]> ReadAsync(string run, CheckpointFile file, CancellationToken cancellationToken);

    /// <summary>Deletes the files written up to a ticket, by this or an earlier opening, but the given ones.</summary>
    /// <exception cref="IOException">The disk is read-only.</exception>
    /// <exception cref="UnavailableException">The store does not answer.</exception>
    Task RetainAsync(string run, IReadOnlyCollection<CheckpointFile> files, Ticket upTo, CancellationToken cancellationToken);
}

/// <summary>A checkpoint cannot be used; the message names the file and what is wrong with it.</summary>
public sealed class CheckpointDamagedException(string message, Exception? inner = null) : IOException(message, inner);
