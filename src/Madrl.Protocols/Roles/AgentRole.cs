using Madrl.Policies;

namespace Madrl.Protocols.Roles;

/// <summary>An agent's weights and the ticket of the iteration that acts with them.</summary>
/// <param name="Ticket">The iteration that these weights are for.</param>
/// <param name="Description">How the policy is built from them.</param>
/// <param name="Weights">Flat weights [P].</param>
public sealed record VersionedPolicy(Ticket Ticket, PolicyDescription Description, Block Weights);

/// <summary>An agent: keeps the latest weights of its policy and hands them out to whoever acts for it.</summary>
public sealed class AgentRole
{
    private readonly Fence _fence = new();

    /// <summary>The weights in force; null before the first were installed.</summary>
    public VersionedPolicy? Current { get; private set; }

    /// <summary>Puts new weights in force. Repeating the call changes nothing.</summary>
    /// <exception cref="StaleEpochException">A later epoch has already installed weights.</exception>
    public void Install(VersionedPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _fence.Admit(policy.Ticket);
        if (Current?.Ticket == policy.Ticket) return;
        Current = policy;
    }

    /// <summary>The weights for one iteration, and no others.</summary>
    /// <exception cref="WrongVersionException">The agent holds weights for another iteration.</exception>
    public VersionedPolicy For(Ticket ticket) =>
        Current?.Ticket == ticket ? Current : throw new WrongVersionException(ticket, Current?.Ticket);
}

/// <summary>Weights for another iteration than the one demanded; the iteration must start again from the barrier.</summary>
public sealed class WrongVersionException(Ticket demanded, Ticket? held)
    : InvalidOperationException($"Weights for {demanded} were demanded, but {(held is null ? "none" : held.ToString())} are held.");
