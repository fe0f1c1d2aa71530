using Azure;
using Madrl.Hosting.Storage;
using Madrl.Protocols;

namespace Madrl.Clustering.Azure;

/// <summary>
/// Tells what Azure's client throws in the words of the product: <see cref="StorageUnavailableException"/> where it is worth asking
/// again, else an <see cref="IOException"/> of one line. Their messages are the first line of Azure's, which has no secrets.
/// </summary>
internal static class BlobErrors
{
    private const int NoAnswer = 0, RequestTimeout = 408, PreconditionFailed = 412, TooManyRequests = 429, ServerError = 500, Full = 507;

    /// <summary>Does something and translates what it throws.</summary>
    /// <param name="path">Names the blob in messages.</param>
    /// <param name="operation">Calls Azure's client and throws nothing of its own but <see cref="StorageException"/>.</param>
    /// <param name="cancellationToken">The one given to the client.</param>
    public static async Task<T> TranslateAsync<T>(string path, Func<Task<T>> operation, CancellationToken cancellationToken = default)
    {
        try
        {
            return await operation();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (
            error is RequestFailedException or AggregateException or OperationCanceledException or HttpRequestException or IOException and not StorageException)
        {
            throw For(path, error);
        }
    }

    private static Exception For(string path, Exception error) => Last(error) switch
    {
        RequestFailedException { Status: PreconditionFailed } or RequestFailedException { ErrorCode: "BlobAlreadyExists" or "InvalidBlockList" } =>
            new StorageUnavailableException($"'{path}' was changed by another, or an answer about it was lost.", error),
        RequestFailedException { Status: NoAnswer or RequestTimeout or TooManyRequests or (>= ServerError and not Full) } failed =>
            new StorageUnavailableException($"'{path}': Azure Blob Storage does not answer: {FirstLine(failed)}.", error),
        RequestFailedException refused => new IOException(
            $"'{path}' cannot be read or written: {FirstLine(refused)} ({refused.Status} {refused.ErrorCode}); check the storage account and Madrl:Azure:ConnectionString.",
            error),
        _ => new StorageUnavailableException($"'{path}': Azure Blob Storage does not answer in time.", error),
    };

    /// <summary>After several attempts the client throws what came of all of them.</summary>
    private static Exception Last(Exception error) => error is AggregateException { InnerExceptions: [.., var last] } ? last : error;

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].TrimEnd('.', ' ', '\r');
}
