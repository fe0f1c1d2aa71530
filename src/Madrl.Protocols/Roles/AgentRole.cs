using Madrl.Policies;

namespace Madrl.Protocols.Roles;

/// <summary>An agent's weights and the ticket of the iteration that acts with them.</summary>
/// <param name="Ticket">The iteration that these weights are for.</param>
/// <param name="Description">How the policy is built from them.</param>
/// <param name="Weights">Flat weights [P].</param>
public sealed record VersionedPolicy(Ticket Ticket, PolicyDescription Description, Block Weights);

/// <summary>An agent: keeps the latest weights of its policy and hands them out to whoever acts for it.</summary>
/// <param name="agent">Index of the agent.</param>
public sealed class AgentRole(int agent)
{
    private readonly Fence _fence = new();
    private Policy? _policy;

    /// <summary>The weights in force; null before the first were installed.</summary>
    public VersionedPolicy? Current { get; private set; }

    /// <summary>Puts new weights in force. Repeating a call, however late, changes nothing.</summary>
    /// <exception cref="StaleEpochException">A later epoch has already installed weights.</exception>
    /// <returns>Whether the weights are new.</returns>
    public bool Install(VersionedPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _fence.Admit(policy.Ticket);
        if (Current?.Ticket.Epoch == policy.Ticket.Epoch && Current.Ticket.Iteration >= policy.Ticket.Iteration) return false;
        Current = policy;
        _policy = null;
        return true;
    }

    /// <summary>The weights for one iteration, and no others.</summary>
    /// <exception cref="WrongVersionException">The agent holds weights for another iteration.</exception>
    public VersionedPolicy Require(Ticket ticket) =>
        Current?.Ticket == ticket ? Current : throw new WrongVersionException(ticket, Current?.Ticket);

    /// <summary>The policy in force, for acting outside training; built when first asked for.</summary>
    /// <exception cref="InvalidOperationException">No weights are installed.</exception>
    public Policy Policy()
    {
        if (Current is null) throw new InvalidOperationException("The agent has no weights yet: train it, or install the weights of a checkpoint.");
        return _policy ??= new Policy(Current.Description, Current.Weights, agent);
    }
}

/// <summary>Weights for another iteration than the one demanded; the iteration must start again from the barrier.</summary>
public sealed class WrongVersionException(Ticket demanded, Ticket? held)
    : InvalidOperationException($"Weights for {demanded} were demanded, but {(held is null ? "none" : held.ToString())} are held.");
