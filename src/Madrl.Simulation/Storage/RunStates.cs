using Madrl.Protocols;

namespace Madrl.Simulation.Storage;

/// <summary>What storage keeps of the run's control state.</summary>
/// <param name="Json">The state.</param>
/// <param name="ETag">Changes with every write.</param>
public sealed record StoredState(string Json, long ETag);

/// <summary>Storage of the run's control state.</summary>
public interface IRunStates
{
    /// <summary>What is there; null before the first write.</summary>
    StoredState? Stored { get; }

    /// <summary>Writes, if nobody has written since.</summary>
    /// <param name="json">The state.</param>
    /// <param name="eTag">What was read or written last; null where nothing was.</param>
    /// <param name="writer">The activation that writes.</param>
    /// <returns>The new ETag.</returns>
    /// <exception cref="StaleEpochException">Somebody has written.</exception>
    long Write(string json, long? eTag, string writer);
}

/// <summary>The control state in storage, as everybody would read it now.</summary>
/// <param name="written">Looks at every write that was applied: before, after, writer.</param>
internal sealed class RunStates(Action<string?, string, string> written) : IRunStates
{
    private long _writes;

    /// <inheritdoc/>
    public StoredState? Stored { get; private set; }

    /// <inheritdoc/>
    public long Write(string json, long? eTag, string writer)
    {
        if (Stored?.ETag != eTag) throw new StaleEpochException(0, 0);
        var before = Stored?.Json;
        Stored = new StoredState(json, ++_writes);
        written(before, json, writer);
        return Stored.ETag;
    }

    /// <summary>Somebody else writes the same again.</summary>
    public void Touch()
    {
        if (Stored is not null) Stored = Stored with { ETag = ++_writes };
    }
}
