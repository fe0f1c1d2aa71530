namespace Madrl.Protocols;

/// <summary>One immutable file of a checkpoint.</summary>
/// <param name="Name">File name within the checkpoint.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hexadecimal.</param>
public sealed record CheckpointFile(string Name, long Bytes, string Sha256);

/// <summary>
/// Where checkpoints lie. Files are written before the run's state names them (that is the commit) and never change
/// afterwards; a checkpoint that was never committed is garbage which <see cref="RetainAsync"/> removes.
/// </summary>
public interface ICheckpointStore
{
    /// <summary>Writes a file durably: when the task completes, the content survives a crash of the machine. Writing it again replaces it.</summary>
    /// <exception cref="IOException">The disk is full or read-only; nothing half-written remains under the name.</exception>
    Task<CheckpointFile> WriteAsync(string run, long iteration, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads a file back and checks it against its hash.</summary>
    /// <exception cref="CheckpointDamagedException">The file is missing, or is not what was written.</exception>
    Task<byte[]> ReadAsync(string run, long iteration, CheckpointFile file, CancellationToken cancellationToken);

    /// <summary>Deletes every checkpoint of the run but those of the given iterations.</summary>
    Task RetainAsync(string run, IReadOnlyCollection<long> iterations, CancellationToken cancellationToken);
}

/// <summary>A checkpoint cannot be used; the message names the file and what is wrong with it.</summary>
public sealed class CheckpointDamagedException(string message, Exception? inner = null) : IOException(message, inner);
