using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Madrl.Clustering.Azure;

/// <summary>
/// The container that holds all runs of a storage account: <c>RUN/run.json</c>, <c>RUN/metrics.jsonl</c>, <c>RUN/summary.json</c> and
/// <c>RUN/checkpoints/ITERATION-EPOCH/NAME</c>. Every method throws <see cref="Protocols.StorageUnavailableException"/> where the
/// account does not answer, and <see cref="IOException"/> where it refuses.
/// </summary>
/// <param name="service">The client of the account; it decides how often and how long it tries.</param>
internal sealed class RunContainer(BlobServiceClient service)
{
    /// <summary>Its name in the account.</summary>
    public const string Name = "madrl-runs";

    /// <summary>Requests under way at once, where there are many to make.</summary>
    public const int Parallelism = 16;

    private const int PartBytes = 4 * 1024 * 1024;

    // One request must be done within the client's timeout of 10 s, on a slow network too, so no part may be large.
    private static readonly StorageTransferOptions _parts =
        new() { InitialTransferSize = PartBytes, MaximumTransferSize = PartBytes, MaximumConcurrency = 4 };

    private readonly BlobContainerClient _container = service.GetBlobContainerClient(Name);

    /// <summary>As messages call a blob.</summary>
    public static string NameOf(string path) => $"{Name}/{path}";

    /// <summary>A blob that is written block by block.</summary>
    public BlockBlobClient Blocks(string path) => _container.GetBlockBlobClient(path);

    /// <summary>Makes the container where there is none.</summary>
    public Task EnsureAsync() => BlobErrors.TranslateAsync(Name, () => _container.CreateIfNotExistsAsync());

    /// <summary>Writes a blob whole, or replaces it: nobody ever sees a part of it.</summary>
    public Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        BlobErrors.TranslateAsync(
            NameOf(path),
            () => _container.GetBlobClient(path).UploadAsync(
                BinaryData.FromBytes(content), new BlobUploadOptions { TransferOptions = _parts }, cancellationToken),
            cancellationToken);

    /// <summary>Writes a blob unless there is one of that name: of several who try at the same time, one does.</summary>
    /// <returns>Whether it was written.</returns>
    public Task<bool> TryCreateAsync(string path, byte[] content) => BlobErrors.TranslateAsync(NameOf(path), async () =>
    {
        const string Creation = "creation";
        var blob = _container.GetBlobClient(path);
        var creation = Guid.NewGuid().ToString("N");
        try
        {
            await blob.UploadAsync(BinaryData.FromBytes(content), new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All }, Metadata = new Dictionary<string, string> { [Creation] = creation },
            });
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // The client asks again where an answer is lost, and then finds what it has made itself.
            var found = await blob.GetPropertiesAsync();
            return found.Value.Metadata.TryGetValue(Creation, out var creator) && creator == creation;
        }
    });

    /// <summary>A blob's content; null where there is none.</summary>
    public Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken = default) => BlobErrors.TranslateAsync(
        NameOf(path),
        () => IfPresentAsync(async () => (await _container.GetBlobClient(path).DownloadContentAsync(cancellationToken)).Value.Content.ToArray()),
        cancellationToken);

    /// <summary>A blob's content, in parts side by side; null where there is none.</summary>
    /// <param name="path">The blob.</param>
    /// <param name="check">Told its length before it is read; what it throws is passed on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<byte[]?> ReadAsync(string path, Action<long> check, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(path);
        if (await PropertiesAsync(path, cancellationToken) is not { } properties) return null;
        check(properties.ContentLength);
        return await BlobErrors.TranslateAsync(NameOf(path), () => IfPresentAsync(async () =>
        {
            var content = new byte[properties.ContentLength];
            var unchanged = new BlobRequestConditions { IfMatch = properties.ETag };
            await blob.DownloadToAsync(
                new MemoryStream(content), new BlobDownloadToOptions { Conditions = unchanged, TransferOptions = _parts }, cancellationToken);
            return content;
        }), cancellationToken);
    }

    /// <summary>The end of a blob; empty where there is none.</summary>
    /// <param name="path">The blob.</param>
    /// <param name="bytes">How much of it.</param>
    public async Task<string> ReadEndAsync(string path, int bytes)
    {
        if (await PropertiesAsync(path) is not { ContentLength: > 0 } properties) return "";
        var range = new HttpRange(Math.Max(0, properties.ContentLength - bytes), bytes);
        var end = await BlobErrors.TranslateAsync(NameOf(path), () => IfPresentAsync(async () =>
            (await _container.GetBlobClient(path).DownloadContentAsync(new BlobDownloadOptions { Range = range })).Value.Content.ToString()));
        return end ?? "";
    }

    /// <summary>What is known of a blob; null where there is none.</summary>
    public Task<BlobProperties?> PropertiesAsync(string path, CancellationToken cancellationToken = default) => BlobErrors.TranslateAsync(
        NameOf(path),
        () => IfPresentAsync(async () => (await _container.GetBlobClient(path).GetPropertiesAsync(cancellationToken: cancellationToken)).Value),
        cancellationToken);

    /// <summary>The first part of the blobs' names, up to the <c>/</c>, in order.</summary>
    public async Task<IReadOnlyList<string>> FoldersAsync() => await BlobErrors.TranslateAsync(Name, () => IfPresentAsync(async () =>
    {
        var folders = new List<string>();
        await foreach (var item in _container.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/" }))
        {
            if (item.IsPrefix) folders.Add(item.Prefix.TrimEnd('/'));
        }

        return folders;
    })) ?? [];

    /// <summary>The blobs whose names begin so.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        await BlobErrors.TranslateAsync(NameOf(prefix), () => IfPresentAsync(async () =>
        {
            var paths = new List<string>();
            await foreach (var item in _container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken)) paths.Add(item.Name);
            return paths;
        }), cancellationToken) ?? [];

    /// <summary>Deletes blobs; those that are gone already do not matter.</summary>
    public Task DeleteAsync(IEnumerable<string> paths, CancellationToken cancellationToken = default) => Parallel.ForEachAsync(
        paths, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
        async (path, cancelled) => await BlobErrors.TranslateAsync(
            NameOf(path), () => _container.GetBlobClient(path).DeleteIfExistsAsync(cancellationToken: cancelled), cancelled));

    private static async Task<T?> IfPresentAsync<T>(Func<Task<T>> operation)
        where T : class
    {
        try
        {
            return await operation();
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }
}
