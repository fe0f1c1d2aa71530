using System.Text.Json;
using Orleans.Storage;

namespace Madrl.Hosting.Storage;

/// <summary>Grain state in Orleans' own storage providers as in <see cref="SqliteGrainStorage"/>: the same JSON, the same limit.</summary>
public sealed class JsonGrainStorageSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    /// <exception cref="StorageException">The state is over <see cref="SqliteGrainStorage.MaxStateBytes"/>.</exception>
    public BinaryData Serialize<T>(T? input)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(input, SqliteGrainStorage.Json);
        return bytes.Length <= SqliteGrainStorage.MaxStateBytes ? new BinaryData(bytes) : throw new StorageException(
            $"A state {typeof(T).Name} has {bytes.Length} bytes, the limit is {SqliteGrainStorage.MaxStateBytes}; keep bulk data in the checkpoint store.");
    }

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return JsonSerializer.Deserialize<T>(input.ToMemory().Span, SqliteGrainStorage.Json);
    }
}
