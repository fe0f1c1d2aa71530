using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Madrl.Clustering;

/// <summary>An Azure storage account.</summary>
public sealed class AzureConnection : ServerConnection
{
    private readonly string _connectionString;
    private readonly IReadOnlyList<string> _providers;

    /// <summary>A connection that is made later.</summary>
    /// <param name="connectionString">As the Azure portal shows it.</param>
    /// <param name="providers">The chosen providers that use it, such as <c>AzureTable</c>.</param>
    /// <exception cref="SettingsException">It cannot be read.</exception>
    public AzureConnection(string connectionString, IReadOnlyList<string> providers)
    {
        (_connectionString, _providers) = (connectionString, providers);
        try
        {
            (Tables, Blobs, Queues) = (new TableServiceClient(connectionString, Patient(new TableClientOptions())),
                new BlobServiceClient(connectionString, Patient(new BlobClientOptions())),
                new QueueServiceClient(connectionString, Patient(new QueueClientOptions())));
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            // What Azure says may quote a part of the text, which holds a key.
            throw new SettingsException($"{Setting} cannot be read: copy it from the storage account's access keys "
                + "(DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…).");
        }
    }

    /// <summary>For Orleans' table providers.</summary>
    public TableServiceClient Tables { get; }

    /// <summary>For blobs.</summary>
    public BlobServiceClient Blobs { get; }

    /// <summary>For Orleans' queue streams.</summary>
    public QueueServiceClient Queues { get; }

    /// <inheritdoc/>
    protected override string Setting => "Madrl:Azure:ConnectionString";

    /// <inheritdoc/>
    protected override IEnumerable<string?> Secrets => _connectionString.Split(';')
        .Where(part => part.StartsWith("AccountKey=", StringComparison.OrdinalIgnoreCase)
            || part.StartsWith("SharedAccessSignature=", StringComparison.OrdinalIgnoreCase))
        .Select(part => part[(part.IndexOf('=') + 1)..]);

    /// <inheritdoc/>
    protected override async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_providers.Contains("AzureTable"))
            await new TableServiceClient(_connectionString, Once(new TableClientOptions())).GetPropertiesAsync(cancellationToken);
        if (_providers.Contains("AzureBlob"))
            await new BlobServiceClient(_connectionString, Once(new BlobClientOptions())).GetPropertiesAsync(cancellationToken);
        if (_providers.Contains("AzureQueue"))
            await new QueueServiceClient(_connectionString, Once(new QueueClientOptions())).GetPropertiesAsync(cancellationToken);
    }

    /// <summary>An answer that does not come is asked for again soon: by default Azure's clients wait for 100 s.</summary>
    private static T Patient<T>(T options)
        where T : ClientOptions
    {
        options.Retry.NetworkTimeout = Patience;
        return options;
    }

    /// <summary>At the start the first refusal is told at once.</summary>
    private static T Once<T>(T options)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = 0;
        return options;
    }
}
