using Madrl.Numerics;

namespace Madrl.Simulation.Scheduling;

/// <summary>The draws of one part of a simulation, in order: a stream of its own, so that no other part can shift them.</summary>
/// <param name="seed">The simulation's seed.</param>
/// <param name="stream">Which part draws.</param>
internal sealed class Chance(ulong seed, ChanceStream stream)
{
    private KeyedRandom _random = new(seed, RandomPurpose.Simulation, (long)stream, agent: 0, step: 0);

    /// <summary>True with a probability; draws nothing where it cannot be.</summary>
    public bool Happens(double probability) => probability > 0 && _random.NextDouble() < probability;

    /// <summary>A whole number in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound) => _random.NextInt32(bound);

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Between(double low, double high) => _random.NextDouble(low, high);

    /// <summary>A time in [<paramref name="low"/>, <paramref name="high"/>) seconds, to a tick.</summary>
    public TimeSpan Seconds(double low, double high) => TimeSpan.FromTicks((long)(_random.NextDouble(low, high) * TimeSpan.TicksPerSecond));
}

/// <summary>Which part of a simulation draws.</summary>
internal enum ChanceStream : byte
{
    /// <summary>Whose turn it is.</summary>
    Order,

    /// <summary>How long messages and storage take.</summary>
    Latency,

    /// <summary>Which faults fire.</summary>
    Faults,

    /// <summary>How often they fire.</summary>
    Rates,
}
