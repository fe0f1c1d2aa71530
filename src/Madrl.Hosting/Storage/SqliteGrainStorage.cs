using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Orleans.Runtime;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Madrl.Hosting.Storage;

/// <summary>
/// Grain state in one SQLite file. Every write is conditional on the version that the grain read last (its ETag) and durable
/// when it completes. State is JSON text: public properties, NaN and infinities as names.
/// </summary>
public sealed class SqliteGrainStorage : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>Largest state in bytes of UTF-8: grain state is small control state, bulk goes to the checkpoint store.</summary>
    public const int MaxStateBytes = 16 * 1024 * 1024;

    internal static readonly JsonSerializerOptions Json =
        new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly SqliteFile file;
    private readonly IActivatorProvider activators;
    private readonly TimeProvider time;

    /// <summary>A storage over a file, which the first use creates.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="activators">Makes the empty state of a grain that has none.</param>
    /// <param name="time">Clock of the rows' modification times.</param>
    public SqliteGrainStorage(string path, IActivatorProvider activators, TimeProvider time)
        : this(new SqliteFile(path, StateTable.Schema), activators, time)
    {
    }

    /// <summary>A storage over a file that the caller closes.</summary>
    internal SqliteGrainStorage(SqliteFile file, IActivatorProvider activators, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(activators);
        ArgumentNullException.ThrowIfNull(time);
        this.file = file;
        this.activators = activators;
        this.time = time;
    }

    /// <summary>Opens the file with the silo, so that an unusable one stops the start; closes it after the last grain.</summary>
    /// <param name="lifecycle">The silo's lifecycle.</param>
    public void Participate(ISiloLifecycle lifecycle)
    {
        ArgumentNullException.ThrowIfNull(lifecycle);
        lifecycle.Subscribe(
            nameof(SqliteGrainStorage), ServiceLifecycleStage.RuntimeStorageServices,
            _ => file.RunAsync(_ => true),
            _ => Task.Run(file.Dispose, CancellationToken.None));
    }

    /// <summary>Reads a state; a grain without one gets an empty state.</summary>
    /// <exception cref="StorageException">The file cannot be read, or the state is not a <typeparamref name="T"/>.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var key = new StateKey(grainId.ToString(), stateName);
        var (row, state) = await file.RunAsync(connection =>
        {
            var found = StateTable.Read(connection, key);
            return (found, found?.Payload is { } payload ? Deserialize<T>(payload, key) : default);
        });
        grainState.ETag = row is null ? null : ETag(row.Version);
        grainState.RecordExists = row?.Payload is not null;
        grainState.State = state ?? activators.GetActivator<T>().Create();
    }

    /// <summary>Writes a state if the stored version is still the one that the grain read.</summary>
    /// <exception cref="InconsistentStateException">Another activation has written since; nothing was changed.</exception>
    /// <exception cref="StorageException">It cannot be written, or the state is over <see cref="MaxStateBytes"/>.</exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var key = new StateKey(grainId.ToString(), stateName);
        // Here and not in the operation: the grain may change the state again once this call has yielded.
        var payload = Serialize(grainState.State, key);
        grainState.ETag = await ReplaceAsync(key, grainState.ETag, payload, "write");
        grainState.RecordExists = true;
    }

    /// <summary>Removes a state if the stored version is still the one that the grain read.</summary>
    /// <exception cref="InconsistentStateException">Another activation has written since; nothing was changed.</exception>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var key = new StateKey(grainId.ToString(), stateName);
        grainState.ETag = await ReplaceAsync(key, grainState.ETag, null, "clear");
        grainState.RecordExists = false;
        grainState.State = activators.GetActivator<T>().Create();
    }

    /// <summary>Waits for the operation under way and closes the file.</summary>
    public void Dispose() => file.Dispose();

    private async Task<string> ReplaceAsync(StateKey key, string? etag, string? payload, string what)
    {
        var expected = Version(etag);
        var (replaced, stored) = await file.RunAsync(connection => expected is { } version
            && StateTable.Replace(connection, key, version, payload, time.GetUtcNow())
                ? (true, version + 1)
                : (false, StateTable.Read(connection, key)?.Version));
        if (replaced) return ETag(stored!.Value);
        var storedTag = stored is { } number ? ETag(number) : null;
        throw new InconsistentStateException(
            $"Cannot {what} state '{key.Name}' of grain {key.Grain}: stored is version {storedTag ?? "none"}, "
            + $"the grain holds version {etag ?? "none"}. Another activation has written it; read it again.",
            storedTag, etag);
    }

    // 0 stands for "no row"; null for a tag that is none of ours and therefore matches nothing.
    private static long? Version(string? etag) => etag is null ? 0
        : long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version
        : null;

    private static string ETag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private string Serialize<T>(T state, StateKey key)
    {
        var payload = JsonSerializer.Serialize(state, Json);
        var bytes = Encoding.UTF8.GetByteCount(payload);
        return bytes <= MaxStateBytes ? payload : throw new StorageException(
            $"State '{key.Name}' of grain {key.Grain} has {bytes} bytes, the limit is {MaxStateBytes}; "
            + "keep bulk data in the checkpoint store.");
    }

    private T? Deserialize<T>(string payload, StateKey key)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(payload, Json);
        }
        catch (JsonException error)
        {
            throw new StorageException(
                $"State '{key.Name}' of grain {key.Grain} in '{file.FilePath}' is not a {typeof(T).Name}: "
                + $"{error.Message.ReplaceLineEndings(" ")} Use the version of the program that wrote it.", error);
        }
    }
}
