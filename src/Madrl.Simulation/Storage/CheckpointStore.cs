using Madrl.Protocols;
using Madrl.Simulation.Cluster;

namespace Madrl.Simulation.Storage;

/// <summary>The checkpoint store as one activation knows it.</summary>
/// <param name="disk">The way to storage.</param>
/// <param name="files">The storage.</param>
/// <param name="who">The activation.</param>
/// <param name="retained">Looks at the storage after files were deleted.</param>
internal sealed class CheckpointStore(Disk disk, CheckpointFiles files, Party who, Action retained) : ICheckpointStore
{
    /// <inheritdoc/>
    public Task<CheckpointFile> WriteAsync(
        string run, Ticket ticket, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var sent = content.ToArray();
        return disk.WriteAsync(who, name, () => files.Write(ticket, name, sent), () => files.Tear(ticket, name, sent));
    }

    /// <inheritdoc/>
    public Task<byte[]> ReadAsync(string run, CheckpointFile file, CancellationToken cancellationToken) =>
        disk.ReadAsync(who, file.Name, () => files.Read(file));

    /// <inheritdoc/>
    public Task RetainAsync(string run, IReadOnlyCollection<CheckpointFile> kept, Ticket upTo, CancellationToken cancellationToken)
    {
        CheckpointFile[] sent = [.. kept];
        return disk.WriteAsync(who, "retain", () =>
        {
            files.Retain(sent, upTo);
            retained();
            return true;
        });
    }
}
