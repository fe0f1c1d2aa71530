using Madrl.Protocols;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Cluster;

/// <summary>
/// One activation of a role: a mailbox in front of a member of the protocols. One request at a time, but for those that
/// interleave; nothing begins before the member is there.
/// </summary>
internal sealed class Activation
{
    private readonly SimulatedCluster _cluster;
    private readonly Queue<Call> _mailbox = [];
    private object? _member;
    private bool _isBusy;
    private bool _retires;
    private long _latestEpoch;

    /// <summary>An activation that has been placed.</summary>
    public Activation(long id, RoleKey key, Silo silo, SimulatedCluster cluster)
    {
        (Key, Silo, _cluster) = (key, silo, cluster);
        Party = new Party(new Turns(cluster.Scheduler, $"{key}#{id}"), silo);
    }

    /// <summary>Its role.</summary>
    public RoleKey Key { get; }

    /// <summary>Its silo.</summary>
    public Silo Silo { get; }

    /// <summary>Itself as a caller.</summary>
    public Party Party { get; }

    /// <summary>Its name, which no other activation ever has.</summary>
    public string Name => Party.Turns.Name;

    /// <summary>Makes the member; where that fails, whoever asked is told, and the next call tries again elsewhere.</summary>
    public void Begin(Func<Activation, Task<object>> create) => Party.Turns.Post(async () =>
    {
        try
        {
            _member = await create(this);
        }
        catch (Exception error)
        {
            _cluster.Directory.Remove(this);
            while (_mailbox.TryDequeue(out var call)) _cluster.Reject(call, new MemberUnavailableException(error.Message, error));
            return;
        }

        Call[] waiting = [.. _mailbox];
        _mailbox.Clear();
        foreach (var call in waiting) Receive(call);
    });

    /// <summary>A request has arrived.</summary>
    public void Receive(Call call)
    {
        if (call.Interleaves && _member is not null)
        {
            Start(call);
            return;
        }

        _mailbox.Enqueue(call);
        if (_member is not null) Next();
    }

    /// <summary>Ends when the request under way is done; those that wait go to the next activation.</summary>
    public void Retire()
    {
        _retires = true;
        if (!_isBusy) EndRetiring();
    }

    /// <summary>Is gone in the middle of whatever it was doing.</summary>
    public void Crash()
    {
        Party.Turns.Crash();
        _cluster.Directory.Remove(this);
    }

    private void Next()
    {
        if (_isBusy || !_mailbox.TryDequeue(out var call)) return;
        _isBusy = true;
        Start(call);
    }

    private void Start(Call call) => Party.Turns.Post(async () =>
    {
        var answer = await call.DoAsync(_member!);
        if (answer.IsDone) CheckEpoch(call);
        _cluster.Reply(call, answer);
        if (call.Interleaves) return;
        _isBusy = false;
        if (_retires) EndRetiring();
        else Next();
    });

    private void EndRetiring()
    {
        _cluster.Directory.Remove(this);
        while (_mailbox.TryDequeue(out var call)) _cluster.Arrive(call);
        if (_member is IAsyncDisposable member) Party.Turns.Post(async () => await member.DisposeAsync());
    }

    /// <summary>Replicas are not asked: they change nothing, and act with the policy of exactly the caller's ticket.</summary>
    private void CheckEpoch(Call call)
    {
        if (call.Ticket is not { } ticket || Key.Kind == RoleKind.Replica) return;
        if (ticket.Epoch < _latestEpoch)
            _cluster.Findings.Fail($"{Name} did '{call.Name}' of epoch {ticket.Epoch} after epoch {_latestEpoch} had spoken.");
        _latestEpoch = Math.Max(_latestEpoch, ticket.Epoch);
    }
}
