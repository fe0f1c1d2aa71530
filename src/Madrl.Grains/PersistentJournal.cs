using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Orleans.Storage;

namespace Madrl.Grains;

/// <summary>A run's control state in the grain's storage.</summary>
/// <param name="state">The state; Orleans writes it only if nobody else has since it was read.</param>
/// <param name="stopping">Cancelled when the activation ends.</param>
internal sealed class PersistentJournal(IPersistentState<RunState> state, CancellationToken stopping) : IRunJournal
{
    public RunState State => state.State;

    public Task ReadAsync() => DoAsync(() => state.ReadStateAsync(stopping));

    public Task WriteAsync() => DoAsync(() => state.WriteStateAsync(stopping));

    /// <summary>The run was deleted.</summary>
    public Task ClearAsync() => DoAsync(() => state.ClearStateAsync(stopping));

    /// <summary>
    /// Another's write means that this opening is superseded, and a disk that is full or damaged stays so (those are
    /// exceptions of files); whatever else a server's client throws means that the server does not answer, a connection that
    /// was torn among its causes included.
    /// </summary>
    private async Task DoAsync(Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (InconsistentStateException)
        {
            throw new StaleEpochException(State.Epoch, State.Epoch + 1);
        }
        catch (Exception error) when (!stopping.IsCancellationRequested && StorageFailures.Thrown(error) is not IOException)
        {
            throw new StorageUnavailableException(error.GetBaseException().Message, error);
        }
    }
}
