using Madrl.Policies;
using Madrl.Protocols.Team;

namespace Madrl.Protocols.Roles;

/// <summary>An agent: keeps the latest policy of its own, and acts with it outside training.</summary>
/// <param name="run">Id of the run.</param>
/// <param name="agent">Index of the agent.</param>
/// <param name="policies">Where the policies of a training come from.</param>
public sealed class AgentRole(string run, int agent, IPolicies policies) : IAgentMember
{
    private readonly Fence _fence = new();
    private Policy? _policy;

    /// <summary>The weights in force and the iteration that they are for; null before the first were installed.</summary>
    public VersionedPolicy? Current { get; private set; }

    /// <inheritdoc/>
    public async Task InstallAsync(Ticket ticket)
    {
        _fence.Admit(ticket);
        if (!IsNewer(ticket)) return;
        Install(ticket, await policies.GetAsync(run, ticket));
    }

    /// <summary>Puts a policy in force. Repeating a call, however late, changes nothing.</summary>
    /// <exception cref="StaleEpochException">A later epoch has already installed one.</exception>
    public void Install(Ticket ticket, PolicySet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        _fence.Admit(ticket);
        if (!IsNewer(ticket)) return;
        Current = new VersionedPolicy(ticket, set.Description, set.Weights[agent]);
        _policy = null;
    }

    /// <summary>The policy in force, for acting outside training; built when first asked for.</summary>
    /// <exception cref="InvalidOperationException">No weights are installed.</exception>
    public Policy Policy()
    {
        if (Current is null) throw new InvalidOperationException("The agent has no weights yet: train it, or install the weights of a checkpoint.");
        return _policy ??= new Policy(Current.Description, Current.Weights, agent);
    }

    private bool IsNewer(Ticket ticket) => Current is null || ticket.CompareTo(Current.Ticket) > 0;
}

/// <summary>An agent's weights and the ticket of the iteration that acts with them.</summary>
/// <param name="Ticket">The iteration that these weights are for.</param>
/// <param name="Description">How the policy is built from them.</param>
/// <param name="Weights">Flat weights [P].</param>
public sealed record VersionedPolicy(Ticket Ticket, PolicyDescription Description, Block Weights);

/// <summary>Weights for another iteration than the one demanded: whoever should hold them was lost meanwhile, or is there twice.</summary>
public sealed class WrongVersionException(Ticket demanded, Ticket? held)
    : UnavailableException($"Weights for {demanded} were demanded, but {(held is null ? "none" : held.ToString())} are held.", null)
{
    /// <inheritdoc/>
    public override string What => "member";
}
