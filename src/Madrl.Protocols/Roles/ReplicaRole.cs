using Madrl.Environments;
using Madrl.Policies;

namespace Madrl.Protocols.Roles;

/// <summary>An agent as it acts in one shard: a policy for all of the shard's copies at once.</summary>
/// <param name="agent">Index of the agent.</param>
public sealed class ReplicaRole(int agent)
{
    private Policy? _policy;
    private Ticket? _version;

    /// <summary>Numbers per action.</summary>
    public int ActionSize => _policy?.ActionSize ?? 0;

    /// <summary>Whether the weights for <paramref name="ticket"/> still have to be fetched.</summary>
    public bool Needs(Ticket ticket) => _version != ticket;

    /// <summary>Takes new weights.</summary>
    public void Use(VersionedPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _policy = new Policy(policy.Description, policy.Weights, agent);
        _version = policy.Ticket;
    }

    /// <summary>Chooses actions with the weights of exactly one iteration.</summary>
    /// <param name="ticket">The iteration that acts.</param>
    /// <param name="step">Which step of which copies.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="observations">[K, observation size].</param>
    /// <param name="actions">Receives [K, width].</param>
    /// <exception cref="WrongVersionException">The replica holds other weights.</exception>
    public void Act(Ticket ticket, ActingStep step, ulong seed, ReadOnlySpan<float> observations, Span<float> actions)
    {
        if (_policy is null || _version != ticket) throw new WrongVersionException(ticket, _version);
        var key = new ActionKey(seed, step.Mode == ActingMode.Greedy, step.FirstCopy, step.Step, step.EpisodeStep);
        _policy.Act(observations, step.Rows, key, actions);
    }
}
