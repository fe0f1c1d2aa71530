using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Madrl.Clustering.Azure;
using Madrl.Clustering.Tests.Servers;

namespace Madrl.Clustering.Tests.Azure;

/// <summary>A storage account for the tests of a class, with the container of runs.</summary>
public sealed class BlobAccount : IAsyncLifetime
{
    public AzuriteServer Server { get; private set; } = null!;

    /// <summary>As the product sees it.</summary>
    internal RunContainer Runs => new(Service);

    private BlobServiceClient Service { get; set; } = null!;

    private BlobContainerClient Container => Service.GetBlobContainerClient(RunContainer.Name);

    public async ValueTask InitializeAsync()
    {
        Server = await AzuriteServer.StartAsync();
        Service = new BlobServiceClient(Server.ConnectionString);
        await Runs.EnsureAsync();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Writes a blob, or deletes it.</summary>
    public async Task PutAsync(string path, byte[]? content)
    {
        if (content is null) await Container.GetBlobClient(path).DeleteAsync();
        else await Container.GetBlobClient(path).UploadAsync(BinaryData.FromBytes(content), overwrite: true);
    }

    public async Task<string> ReadAsync(string path) =>
        Encoding.UTF8.GetString((await Container.GetBlobClient(path).DownloadContentAsync()).Value.Content.ToArray());

    /// <summary>The blobs whose names begin so, without that beginning, in order.</summary>
    public async Task<IEnumerable<string>> ListAsync(string prefix)
    {
        var names = new List<string>();
        await foreach (var blob in Container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix })) names.Add(blob.Name[prefix.Length..]);
        return names.Order(StringComparer.Ordinal);
    }
}
