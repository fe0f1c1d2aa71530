using Madrl.Protocols;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;
using Orleans.Storage;

namespace Madrl.Grains;

/// <summary>What Orleans makes of a failure of a storage provider.</summary>
internal static class StorageFailures
{
    /// <summary>What the storage threw: Orleans wraps it.</summary>
    public static Exception Thrown(Exception error) => error is OrleansException { InnerException: { } inner } ? inner : error;

    /// <summary>What a call says to a grain that could not read its state and so was not activated; null where it says something else.</summary>
    public static StorageUnavailableException? OfActivation(Exception error) =>
        error is OrleansException { InnerException: { } inner } and not InconsistentStateException and not OrleansMessageRejectionException and not ConnectionFailedException
            && inner is not IOException
            ? new StorageUnavailableException($"The storage of grains does not answer: {error.GetBaseException().Message}", error) : null;
}
