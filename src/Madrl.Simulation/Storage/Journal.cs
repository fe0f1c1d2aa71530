using System.Text.Json;
using Madrl.Protocols.Runs;
using Madrl.Simulation.Cluster;

namespace Madrl.Simulation.Storage;

/// <summary>The run's control state as one activation knows it.</summary>
/// <param name="disk">The way to storage.</param>
/// <param name="states">The storage.</param>
/// <param name="who">The activation.</param>
internal sealed class Journal(Disk disk, IRunStates states, Party who) : IRunJournal
{
    private long? _eTag;

    /// <inheritdoc/>
    public RunState State { get; private set; } = new();

    /// <inheritdoc/>
    public async Task ReadAsync()
    {
        var stored = await disk.ReadAsync(who, "read state", () => states.Stored);
        State = stored is null ? new RunState() : JsonSerializer.Deserialize<RunState>(stored.Json)!;
        _eTag = stored?.ETag;
    }

    /// <inheritdoc/>
    public async Task WriteAsync()
    {
        var (json, eTag) = (JsonSerializer.Serialize(State), _eTag);
        _eTag = await disk.WriteAsync(who, "write state", () => states.Write(json, eTag, who.Turns.Name));
    }
}
