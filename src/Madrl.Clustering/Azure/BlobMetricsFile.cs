using System.Buffers;
using System.Buffers.Binary;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Clustering.Azure;

/// <summary>
/// A run's metrics as one blob of blocks: all are of <see cref="BlockBytes"/> but the last, which is written again with what was
/// appended. The list of blocks is replaced by a conditional write, so that an opening which was superseded can append nothing more.
/// After a failure this opening takes nothing more either: the metrics are opened again, which drops what was not committed.
/// At most 50,000 blocks, Azure's limit: 48 GiB. Calls do not overlap.
/// </summary>
internal sealed class BlobMetricsFile : IMetricsFile
{
    /// <summary>Size of a block, and how much waits in memory between two flushes.</summary>
    public const int BlockBytes = 1024 * 1024;

    private readonly BlockBlobClient _blob;
    private readonly string _name;

    // A block that another opening puts beside ours must not get the name of ours.
    private readonly Guid _opening = Guid.NewGuid();
    private readonly List<string> _full = [];
    private readonly ArrayBufferWriter<byte> _last = new();
    private readonly ArrayBufferWriter<byte> _waiting = new();
    private BlobRequestConditions _unchanged;
    private Task _committed = Task.CompletedTask;
    private int _blocks;

    private BlobMetricsFile(BlockBlobClient blob, string name, BlobRequestConditions unchanged) =>
        (_blob, _name, _unchanged) = (blob, name, unchanged);

    /// <summary>Opens a run's metrics; rows beyond an iteration are dropped first.</summary>
    /// <exception cref="StorageException">A line before the last is damaged.</exception>
    /// <exception cref="IOException">The account refuses.</exception>
    /// <exception cref="StorageUnavailableException">The account does not answer, or somebody else opens them too.</exception>
    public static async Task<BlobMetricsFile> OpenAsync(RunContainer runs, string path, long iteration)
    {
        var properties = await runs.PropertiesAsync(path);
        var unchanged = properties is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = properties.ETag };
        var file = new BlobMetricsFile(runs.Blocks(path), RunContainer.NameOf(path), unchanged);
        await BlobErrors.TranslateAsync(file._name, () => Task.Run(async () =>
        {
            if (properties is not null) await file.CopyAsync(iteration);
            await file.CommitAsync(default);
            return true;
        }));
        return file;
    }

    /// <summary>The rows of a run's metrics; none where there is no blob.</summary>
    /// <exception cref="StorageException">A line before the last is damaged.</exception>
    /// <exception cref="IOException">The account refuses.</exception>
    /// <exception cref="StorageUnavailableException">The account does not answer, or somebody appends meanwhile.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(RunContainer runs, string path)
    {
        if (await runs.PropertiesAsync(path) is not { } properties) return [];
        var (blob, name) = (runs.Blocks(path), RunContainer.NameOf(path));
        return await BlobErrors.TranslateAsync(name, () => Task.Run(async () =>
        {
            await using var source = await ReadAsync(blob, new BlobRequestConditions { IfMatch = properties.ETag });
            return JsonLinesReader.Rows(source, name);
        }));
    }

    /// <inheritdoc/>
    public void Append(string json)
    {
        if (_committed.IsFaulted) _committed.GetAwaiter().GetResult();
        _waiting.Write(JsonLinesFile.Encode(json));
        if (_waiting.WrittenCount >= BlockBytes) Commit();
    }

    /// <inheritdoc/>
    public Task FlushAsync()
    {
        if (_waiting.WrittenCount > 0) Commit();
        return _committed;
    }

    /// <summary>Flushes, unless something has failed before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_committed.IsFaulted) await FlushAsync();
    }

    private static Task<Stream> ReadAsync(BlockBlobClient blob, BlobRequestConditions unchanged) =>
        blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { Conditions = unchanged });

    /// <summary>Begins to commit what waits, after what is under way.</summary>
    private void Commit()
    {
        var rows = _waiting.WrittenSpan.ToArray();
        _waiting.ResetWrittenCount();
        _committed = CommitAfterAsync(_committed, rows);
    }

    private async Task CommitAfterAsync(Task before, byte[] rows)
    {
        await before;
        await BlobErrors.TranslateAsync(_name, async () =>
        {
            await CommitAsync(rows);
            return true;
        });
    }

    private async Task CopyAsync(long iteration)
    {
        await using var source = await ReadAsync(_blob, _unchanged);
        foreach (var row in JsonLinesReader.Read(source, _name).Where(row => row.IsKeptAt(iteration))) await StageAsync(row.Line);
    }

    /// <summary>Adds rows to the last block and puts blocks that are full, for the next commit.</summary>
    private async Task StageAsync(ReadOnlyMemory<byte> rows)
    {
        while (_last.WrittenCount + rows.Length >= BlockBytes)
        {
            var rest = BlockBytes - _last.WrittenCount;
            _last.Write(rows.Span[..rest]);
            rows = rows[rest..];
            _full.Add(await StageLastAsync());
            _last.ResetWrittenCount();
        }

        _last.Write(rows.Span);
    }

    private async Task<string> StageLastAsync()
    {
        var id = new byte[20];
        _opening.TryWriteBytes(id);
        BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(16), _blocks++);
        var name = Convert.ToBase64String(id);
        await _blob.StageBlockAsync(name, new MemoryStream(_last.WrittenSpan.ToArray()));
        return name;
    }

    private async Task CommitAsync(ReadOnlyMemory<byte> rows)
    {
        await StageAsync(rows);
        string[] last = _last.WrittenCount > 0 ? [await StageLastAsync()] : [];
        var committed = await _blob.CommitBlockListAsync([.. _full, .. last], new CommitBlockListOptions { Conditions = _unchanged });
        _unchanged = new BlobRequestConditions { IfMatch = committed.Value.ETag };
    }
}
