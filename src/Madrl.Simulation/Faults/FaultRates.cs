using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Faults;

/// <summary>How often each kind of fault fires; drawn by the seed, so that some seeds are calm, some wild, some know one kind only.</summary>
internal sealed class FaultRates
{
    /// <summary>
    /// Rate of a middling seed: per message, per storage operation, or per step of the schedule. An undisturbed run takes some
    /// 1,000 messages, 100 storage operations and 2,000 to 4,000 steps.
    /// </summary>
    private static readonly Dictionary<FaultKind, double> Middling = new()
    {
        [FaultKind.MessageDelayed] = 1e-3,
        [FaultKind.MessageReordered] = 2e-2,
        [FaultKind.RequestDropped] = 1e-3,
        [FaultKind.ResponseDropped] = 1e-3,
        [FaultKind.RequestDuplicated] = 2e-2,
        [FaultKind.RoleCrashed] = 5e-4,
        [FaultKind.SiloCrashed] = 4e-4,
        [FaultKind.EverythingCrashed] = 2e-4,
        [FaultKind.RoleSplit] = 5e-4,
        [FaultKind.SiloSplit] = 3e-4,
        [FaultKind.StorageFailedBefore] = 1e-2,
        [FaultKind.StorageFailedAfter] = 1e-2,
        [FaultKind.StorageDelayed] = 2e-2,
        [FaultKind.StorageUnreachable] = 2e-4,
        [FaultKind.FileTorn] = 0.7,
        [FaultKind.FileDamaged] = 0.2,
        [FaultKind.ETagConflict] = 2e-4,
        [FaultKind.RunStopped] = 1e-4,
    };

    private readonly Dictionary<FaultKind, double> _rates;

    private FaultRates(string temper, Dictionary<FaultKind, double> rates) => (Temper, _rates) = (temper, rates);

    /// <summary>No faults.</summary>
    public static FaultRates None { get; } = new("undisturbed", []);

    /// <summary><c>undisturbed</c>, <c>calm</c>, <c>mixed</c>, <c>wild</c>, or the only kind of fault.</summary>
    public string Temper { get; }

    /// <summary>Probability of a kind of fault each time that it could fire.</summary>
    public double this[FaultKind kind] => _rates.GetValueOrDefault(kind);

    /// <summary>The rates of a seed.</summary>
    public static FaultRates Draw(Chance chance) => chance.Below(10) switch
    {
        0 or 1 => new FaultRates("calm", Scaled(_ => 0.3)),
        2 or 3 => new FaultRates("wild", Scaled(_ => 5)),
        4 or 5 or 6 => Only(chance),
        _ => new FaultRates("mixed", Scaled(_ => chance.Happens(0.5) ? chance.Between(0, 3) : 0)),
    };

    private static FaultRates Only(Chance chance)
    {
        var kind = (FaultKind)chance.Below(Middling.Count);
        var rates = new Dictionary<FaultKind, double> { [kind] = Math.Min(1, 8 * Middling[kind]) };

        // Files are torn and damaged by crashes alone.
        if (kind is FaultKind.FileTorn) rates[FaultKind.SiloCrashed] = 4 * Middling[FaultKind.SiloCrashed];
        if (kind is FaultKind.FileDamaged) rates[FaultKind.EverythingCrashed] = 4 * Middling[FaultKind.EverythingCrashed];
        return new FaultRates(kind.ToString(), rates);
    }

    private static Dictionary<FaultKind, double> Scaled(Func<FaultKind, double> factor) =>
        Middling.ToDictionary(rate => rate.Key, rate => Math.Min(1, rate.Value * factor(rate.Key)));
}
