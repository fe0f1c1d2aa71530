using Madrl.Simulation.Faults;

namespace Madrl.Simulation;

/// <summary>What the simulation of one seed gave.</summary>
/// <param name="Scenario">Name of the scenario.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Temper">How the seed's faults are: <c>calm</c>, <c>mixed</c>, <c>wild</c>, or the only kind of fault.</param>
/// <param name="IsRealLearner">Whether the real learner learned rather than the stand-in.</param>
/// <param name="Failure">What is wrong; null where nothing is.</param>
/// <param name="WeightsHash">Hash of the final weights; null where the run did not finish.</param>
/// <param name="VirtualTime">How long it took, in the simulation's time.</param>
/// <param name="Steps">Steps of the schedule.</param>
/// <param name="Decisions">Decisions that were logged.</param>
/// <param name="LogHash">Hash of the log of all decisions.</param>
/// <param name="Epochs">Times that the run was opened.</param>
/// <param name="Faults">How often each kind of fault fired; those that did not are left out.</param>
public sealed record SeedResult(
    string Scenario, ulong Seed, string Temper, bool IsRealLearner, string? Failure, string? WeightsHash, TimeSpan VirtualTime, long Steps,
    long Decisions, ulong LogHash, long Epochs, IReadOnlyDictionary<FaultKind, long> Faults);
