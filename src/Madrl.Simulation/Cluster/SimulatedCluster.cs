using Madrl.Protocols;
using Madrl.Simulation.Checks;
using Madrl.Simulation.Faults;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Cluster;

/// <summary>
/// Silos, the directory of what is active on them, and the calls between: at most one activation a role as long as nothing is
/// split, answers within a time-out, and silos whose crash is noticed late.
/// </summary>
internal sealed class SimulatedCluster
{
    /// <summary>Places for silos.</summary>
    public const int Places = 3;

    private readonly SortedDictionary<long, Call> _open = [];
    private readonly Silo[] _silos;
    private readonly FaultSource _faults;
    private long _calls;
    private long _activations;

    /// <summary>A cluster whose silos have just started.</summary>
    public SimulatedCluster(Scheduler scheduler, Chance latency, FaultSource faults, Findings findings)
    {
        (Scheduler, Findings, _faults) = (scheduler, findings, faults);
        Network = new Network(scheduler, latency, faults);
        _silos = [.. Enumerable.Range(0, Places).Select(place => new Silo(place, 0, this))];
        Outside = new Party(new Turns(scheduler, "outside"), null);
    }

    /// <summary>The scheduler.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>What is wrong.</summary>
    public Findings Findings { get; }

    /// <summary>What is active where.</summary>
    public Directory Directory { get; } = new();

    /// <summary>Whoever calls from outside: reminders, watchers, operators. Never crashes.</summary>
    public Party Outside { get; }

    /// <summary>The silos that are up.</summary>
    public Silo[] Up => [.. _silos.Where(silo => silo.IsUp)];

    /// <summary>Makes the member of an activation.</summary>
    public Func<Activation, Task<object>> CreateMember { get; set; } = _ => throw new InvalidOperationException("Nobody said how members are made.");

    private Network Network { get; }

    /// <summary>Calls a role.</summary>
    public Task<T> CallAsync<TMember, T>(
        Party from, RoleKey to, string what, Ticket? ticket, TimeSpan timeout, bool interleaves, Func<TMember, Task<T>> work)
    {
        var call = new Call<TMember, T>(++_calls, $"{what} {to}", to, from, ticket, interleaves, work);
        _open.Add(call.Id, call);
        var late = new TimeoutException($"'{call.Name}' was not answered within {timeout.TotalSeconds} s.");
        Scheduler.After(timeout, call.Name, () => Reject(call, late));
        Network.Request(call, Arrive);
        return call.Result;
    }

    /// <summary>A request arrives; the role is activated where it is not.</summary>
    public void Arrive(Call call)
    {
        var activation = Directory.Find(call.To, call.From.Silo);
        var silo = activation?.Silo ?? Placement.Choose(call.To, [.. _silos.Where(silo => !silo.IsKnownDead)]);
        call.At = silo;
        if (silo is null) Reject(call, new MemberUnavailableException("No silo is up."));
        if (silo is not { IsUp: true }) return;
        if (activation is null)
        {
            activation = new Activation(++_activations, call.To, silo, this);
            Scheduler.Record("activate", activation.Name, silo.Place);
            silo.Activations.Add(activation);
            Directory.Add(activation);
            activation.Begin(CreateMember);
        }

        call.By = activation;
        activation.Receive(call);
    }

    /// <summary>An answer sets out.</summary>
    public void Reply(Call call, Answer answer) => Network.Response(call, () => Give(call, answer.Give));

    /// <summary>The caller is told at once that nobody answers.</summary>
    public void Reject(Call call, Exception error) => Give(call, () => call.Fail(error));

    /// <summary>An activation is gone; whoever waits for it learns so, or waits in vain.</summary>
    public void Crash(Activation activation)
    {
        activation.Crash();
        activation.Silo.Activations.Remove(activation);
        if (!_faults.Chance.Happens(0.5)) return;
        foreach (var call in _open.Values.Where(call => call.By == activation).ToArray())
            Reject(call, new MemberUnavailableException($"{activation.Name} is gone."));
    }

    /// <summary>A silo is gone, which the others notice after a while; later another one takes its place.</summary>
    public void Crash(Silo silo, TimeSpan noticed, TimeSpan replaced)
    {
        silo.Party.Turns.Crash();
        foreach (var activation in silo.Activations) activation.Party.Turns.Crash();
        if (silo.IsKnownDead) Forget(silo);
        Scheduler.After(noticed, silo.Name, () => Notice(silo));
        Scheduler.After(replaced, silo.Name, () => Replace(silo));
    }

    /// <summary>A silo is taken for dead, but goes on: the others activate its roles anew, it alone still sees its own.</summary>
    public void Isolate(Silo silo)
    {
        Notice(silo);
        foreach (var activation in silo.Activations) Directory.Split(activation, [silo]);
    }

    private void Notice(Silo silo)
    {
        if (silo.IsKnownDead) return;
        Scheduler.Record("noticed", silo.Name);
        silo.IsKnownDead = true;
        if (!silo.IsUp) Forget(silo);
        foreach (var call in _open.Values.Where(call => call.At == silo).ToArray())
            Reject(call, new MemberUnavailableException($"{silo.Name} is gone."));
    }

    private void Forget(Silo silo)
    {
        foreach (var activation in silo.Activations) Directory.Remove(activation);
    }

    private void Replace(Silo silo)
    {
        _silos[silo.Place] = new Silo(silo.Place, silo.Life + 1, this);
        Scheduler.Record("started", _silos[silo.Place].Name);
    }

    private void Give(Call call, Action give)
    {
        if (call.IsAnswered || !_open.Remove(call.Id)) return;
        call.From.Turns.Post(give);
    }
}
