namespace Madrl.Protocols.Team;

/// <summary>A member's role behind its fence: only the epoch that opened it may use it.</summary>
/// <typeparam name="TRole">The role.</typeparam>
/// <param name="member">What the member is called in errors.</param>
internal sealed class Fenced<TRole>(string member)
    where TRole : class
{
    private readonly Fence _fence = new();
    private Ticket? _opened;

    /// <summary>The role, whoever opened it; null where nobody did.</summary>
    public TRole? Role { get; private set; }

    /// <summary>Refuses a call of an older epoch.</summary>
    /// <exception cref="StaleEpochException">A later epoch has already spoken.</exception>
    public void Admit(Ticket ticket) => _fence.Admit(ticket);

    /// <summary>Does <paramref name="work"/> once per ticket, see <see cref="Fence.OnceAsync"/>.</summary>
    public Task<T> OnceAsync<T>(string operation, Ticket ticket, Func<Task<T>> work)
        where T : notnull => _fence.OnceAsync(operation, ticket, work);

    /// <summary>Puts a role in place for the epoch of a ticket; null takes it away.</summary>
    public void Open(Ticket ticket, TRole? role) => (Role, _opened) = (role, role is null ? null : ticket);

    /// <summary>The role for a call.</summary>
    /// <exception cref="StaleEpochException">A later epoch has already spoken.</exception>
    /// <exception cref="NotOpenedException">The role was not opened for the call's epoch.</exception>
    public TRole Require(Ticket ticket)
    {
        _fence.Admit(ticket);
        return Role is not null && _opened?.Epoch == ticket.Epoch ? Role : throw new NotOpenedException(member, ticket, _opened);
    }
}
