using Madrl.Environments;
using Madrl.Policies;
using Madrl.Protocols.Team;

namespace Madrl.Protocols.Roles;

/// <summary>An agent as it acts in one shard: a policy for all of the shard's copies at once.</summary>
/// <param name="run">Id of the run.</param>
/// <param name="agent">Index of the agent.</param>
/// <param name="policies">Where policies come from.</param>
public sealed class ReplicaRole(string run, int agent, IPolicies policies)
{
    private readonly Fence _fence = new();
    private Policy? _policy;
    private Ticket? _version;
    private int[] _shape = [0, 0];

    /// <summary>The shape of a batch of actions, [rows, numbers per action]; the same array as long as the rows are the same.</summary>
    public int[] ShapeFor(int rows)
    {
        var width = _policy?.ActionSize ?? 0;
        if (_shape[0] != rows || _shape[1] != width) _shape = [rows, width];
        return _shape;
    }

    /// <summary>Whether it holds the policy of exactly this iteration.</summary>
    public bool Holds(Ticket ticket) => _version == ticket;

    /// <summary>Takes the policy of exactly one iteration.</summary>
    /// <exception cref="StaleEpochException">A later epoch has already acted.</exception>
    /// <exception cref="WrongVersionException">Nobody holds it.</exception>
    public async Task TakeAsync(Ticket ticket)
    {
        _fence.Admit(ticket);
        var set = await policies.GetAsync(run, ticket);
        _policy = new Policy(set.Description, set.Weights[agent], agent);
        _version = ticket;
    }

    /// <summary>Chooses actions with the policy of exactly one iteration.</summary>
    /// <param name="ticket">The iteration that acts.</param>
    /// <param name="step">Which step of which copies.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="observations">[K, observation size].</param>
    /// <param name="actions">Receives [K, width].</param>
    /// <exception cref="WrongVersionException">The replica holds another one.</exception>
    public void Act(Ticket ticket, ActingStep step, ulong seed, ReadOnlySpan<float> observations, Span<float> actions)
    {
        if (_policy is null || _version != ticket) throw new WrongVersionException(ticket, _version);
        var key = new ActionKey(seed, step.Mode == ActingMode.Greedy, step.FirstCopy, step.Step, step.EpisodeStep);
        _policy.Act(observations, step.Rows, key, actions);
    }
}
