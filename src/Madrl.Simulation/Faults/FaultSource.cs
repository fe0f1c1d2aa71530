using Madrl.Numerics;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Faults;

/// <summary>Says when a fault fires, and counts those that did.</summary>
/// <param name="rates">How often.</param>
/// <param name="chance">Draws it.</param>
/// <param name="scheduler">Takes the decisions.</param>
internal sealed class FaultSource(FaultRates rates, Chance chance, Scheduler scheduler)
{
    private readonly SortedDictionary<FaultKind, long> _fired = [];

    /// <summary>Times that each kind has fired.</summary>
    public IReadOnlyDictionary<FaultKind, long> Fired => _fired;

    /// <summary>Whether faults fire at all: not once the simulation is healed.</summary>
    public bool IsOn { get; private set; } = true;

    /// <summary>Draws how bad a fault is.</summary>
    public Chance Chance => chance;

    /// <summary>Whether a fault fires now.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="whom">Whom it befalls.</param>
    public bool Fires(FaultKind kind, string whom)
    {
        if (!IsOn || !chance.Happens(rates[kind])) return false;
        Count(kind, whom);
        return true;
    }

    /// <summary>Counts a fault that fired.</summary>
    public void Count(FaultKind kind, string whom)
    {
        _fired[kind] = _fired.GetValueOrDefault(kind) + 1;
        scheduler.Record(kind.ToString(), whom, _fired[kind]);
    }

    /// <summary>No more faults.</summary>
    public void Heal() => IsOn = false;

    /// <summary>Steps until a fault that is drawn per step fires; so many that it never does where it has no rate.</summary>
    public long StepsUntil(FaultKind kind) =>
        rates[kind] > 0 ? 1 + (long)(DoubleMath.Log(1 - chance.Between(0, 1)) / DoubleMath.Log(1 - rates[kind])) : long.MaxValue;
}
