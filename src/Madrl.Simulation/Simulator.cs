using Madrl.Protocols.Roles;
using Madrl.Simulation.Faults;
using Madrl.Simulation.Scenarios;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation;

/// <summary>
/// Runs the protocol classes under a seeded schedule, with virtual time and faults, and says whether each seed came out as the
/// undisturbed run does. The same seed takes the same decisions. One seed at a time.
/// </summary>
/// <param name="learners">Makes the real learner, which learns for every tenth seed.</param>
public sealed class Simulator(ILearnerComputeFactory learners)
{
    /// <summary>Seeds from one with the real learner to the next.</summary>
    public const ulong RealLearnerEvery = 10;

    private readonly Dictionary<(string Scenario, bool IsReal), string> _undisturbed = [];

    /// <summary>Simulates a seed.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="parts">Parts that are replaced; null for none.</param>
    /// <param name="log">Receives every decision as text; null for none.</param>
    public SeedResult Run(Scenario scenario, ulong seed, SimulatedParts? parts = null, TextWriter? log = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var isReal = seed % RealLearnerEvery == 0;
        var expected = Undisturbed(scenario, isReal);
        return Simulate(scenario, seed, rates: null, isReal, parts ?? new SimulatedParts(), expected, log);
    }

    /// <summary>The hash of the final weights of the undisturbed run.</summary>
    public string Undisturbed(Scenario scenario, bool isRealLearner)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        if (_undisturbed.TryGetValue((scenario.Name, isRealLearner), out var known)) return known;
        var result = Simulate(scenario, seed: 0, FaultRates.None, isRealLearner, new SimulatedParts(), expected: null, log: null);
        if (result.Failure is { } failure) throw new InvalidOperationException($"The undisturbed run of {scenario.Name} failed: {failure}");
        return _undisturbed[(scenario.Name, isRealLearner)] = result.WeightsHash!;
    }

    private SeedResult Simulate(
        Scenario scenario, ulong seed, FaultRates? rates, bool isReal, SimulatedParts parts, string? expected, TextWriter? log) =>
        new Simulation(scenario, seed, rates, isReal ? learners : scenario.StandIns(), parts, expected, new DecisionLog(log))
            .Run(scenario.Name, seed, isReal);
}
