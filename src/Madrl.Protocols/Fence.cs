namespace Madrl.Protocols;

/// <summary>
/// Keeps a member of a run's team to the latest opening of the run. A call of an older epoch is refused; a repeated call is
/// answered from its last result, so that whoever timed out simply asks again; a call that was overtaken by later ones is
/// refused too, however late it arrives. Calls of one member do not overlap.
/// </summary>
public sealed class Fence
{
    private readonly Dictionary<string, (Ticket Ticket, object Result)> _last = [];

    /// <summary>The highest epoch seen; 0 before the first call.</summary>
    public long Epoch { get; private set; }

    /// <summary>Admits a call, or refuses it.</summary>
    /// <exception cref="StaleEpochException">A later epoch has already spoken.</exception>
    public void Admit(Ticket ticket)
    {
        if (ticket.Epoch < Epoch) throw new StaleEpochException(ticket.Epoch, Epoch);
        if (ticket.Epoch > Epoch)
        {
            Epoch = ticket.Epoch;
            _last.Clear();
        }
    }

    /// <summary>Does <paramref name="work"/> once per ticket; failures are not remembered.</summary>
    /// <param name="operation">Name of the operation; each remembers its own last result.</param>
    /// <param name="ticket">The call's ticket.</param>
    /// <param name="work">What to do if this ticket is new.</param>
    /// <exception cref="StaleEpochException">A later epoch has already spoken.</exception>
    /// <exception cref="OvertakenException">The operation was already done for a later iteration.</exception>
    public async Task<T> OnceAsync<T>(string operation, Ticket ticket, Func<Task<T>> work)
        where T : notnull
    {
        Admit(ticket);
        if (_last.TryGetValue(operation, out var last))
        {
            if (last.Ticket == ticket) return (T)last.Result;
            if (last.Ticket.Iteration > ticket.Iteration) throw new OvertakenException(operation, ticket, last.Ticket.Iteration);
        }

        var result = await work();
        Admit(ticket);
        _last[operation] = (ticket, result);
        return result;
    }
}

/// <summary>The caller belongs to an opening of the run that has been superseded; it must stop.</summary>
public sealed class StaleEpochException(long epoch, long current)
    : InvalidOperationException($"Epoch {epoch} has been superseded by epoch {current}.");

/// <summary>The call was delayed until later ones had been answered; nobody waits for its answer any more.</summary>
public sealed class OvertakenException(string operation, Ticket ticket, long done)
    : InvalidOperationException($"'{operation}' of {ticket} comes after that of iteration {done}.");

/// <summary>The member was not opened for this epoch in this activation, or stands at another barrier: it was lost meanwhile, or is there twice.</summary>
public sealed class NotOpenedException(string member, Ticket ticket, Ticket? at)
    : UnavailableException($"The {member} is asked for {ticket}, but {(at is null ? "was not opened in this activation" : $"stands at {at}")}.", null)
{
    /// <inheritdoc/>
    public override string What => "member";
}
