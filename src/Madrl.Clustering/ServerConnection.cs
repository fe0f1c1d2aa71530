using Madrl.Hosting.Storage;

namespace Madrl.Clustering;

/// <summary>How the silos of a cluster reach a server that they share.</summary>
public abstract class ServerConnection
{
    /// <summary>An answer takes this long at most; a silo that starts has nothing else to wait for.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Passwords and keys, which no message may show.</summary>
    protected abstract IEnumerable<string?> Secrets { get; }

    /// <summary>The setting that says where the server is.</summary>
    protected abstract string Setting { get; }

    /// <summary>Makes sure that the server is there and holds what the cluster needs.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SettingsException">It is not; the message says why in one line, without secrets.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await ConnectAsync(patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SettingsException($"{Setting}: the server did not answer within {Patience.TotalSeconds} s. Start it, or correct the setting.");
        }
        catch (StorageException error)
        {
            // It says itself which setting is meant.
            throw new SettingsException(error.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new SettingsException($"{Setting}: the server cannot be used: {Tell(error)}. Start it, or correct the setting.");
        }
    }

    /// <summary>Talks to the server; what it says goes into the message.</summary>
    protected abstract Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>The first line says what is wrong; those below repeat it per attempt, or list headers.</summary>
    private string Tell(Exception error)
    {
        var line = error.Message.Split('\n')[0].TrimEnd('.', ' ', '\r');
        return Secrets.Where(secret => !string.IsNullOrEmpty(secret)).Aggregate(line, (told, secret) => told.Replace(secret!, "***", StringComparison.Ordinal));
    }
}
