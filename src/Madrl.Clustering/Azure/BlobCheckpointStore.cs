using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Clustering.Azure;

/// <summary>Checkpoints as blobs, <c>RUN/checkpoints/{iteration, eight digits}-{epoch}/{name}</c>.</summary>
/// <param name="runs">Where the runs lie.</param>
internal sealed class BlobCheckpointStore(RunContainer runs) : ICheckpointStore
{
    /// <inheritdoc/>
    /// <exception cref="IOException">The account refuses.</exception>
    public async Task<CheckpointFile> WriteAsync(
        string run, Ticket ticket, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = PathOf(run, ticket, name);
        CheckpointFiles.CheckLength(name, content);
        await runs.WriteAsync(path, content, cancellationToken);
        return await Task.Run(() => CheckpointFiles.Describe(ticket, name, content.Span), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The account refuses.</exception>
    public async Task<byte[]> ReadAsync(string run, CheckpointFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var path = PathOf(run, file.Ticket, file.Name);
        var name = RunContainer.NameOf(path);
        var content = await runs.ReadAsync(path, length => CheckpointFiles.CheckLength(file, length, name), cancellationToken)
            ?? throw CheckpointFiles.Damaged(name, "is missing");
        await Task.Run(() => CheckpointFiles.CheckHash(file, content, name), cancellationToken);
        return content;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The account refuses.</exception>
    public async Task RetainAsync(string run, IReadOnlyCollection<CheckpointFile> files, Ticket upTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        var folder = FolderOf(run);
        var kept = files.Select(file => PathOf(run, file.Ticket, file.Name)).ToHashSet(StringComparer.Ordinal);
        var written = await runs.ListAsync(folder, cancellationToken);
        await runs.DeleteAsync(written.Where(path => !kept.Contains(path) && IsUpTo(path[folder.Length..])), cancellationToken);

        bool IsUpTo(string path) => CheckpointFiles.TicketOf(path.Split('/')[0]) is { } ticket && ticket.CompareTo(upTo) <= 0;
    }

    private static string FolderOf(string run)
    {
        RunIds.ThrowIfInvalid(run, nameof(run));
        return $"{run}/{CheckpointFiles.FolderName}/";
    }

    private static string PathOf(string run, Ticket ticket, string name)
    {
        CheckpointFiles.CheckName(name);
        return $"{FolderOf(run)}{CheckpointFiles.FolderOf(ticket)}/{name}";
    }
}
