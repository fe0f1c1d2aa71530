namespace Madrl.Protocols.Runs;

/// <summary>A snapshot of a run, for whoever watches.</summary>
/// <param name="Phase">Where the run stands.</param>
/// <param name="Activity">What it is doing: <c>opening</c>, <c>collecting</c>, <c>learning</c>, <c>evaluating</c>, <c>saving</c>.</param>
/// <param name="Iteration">Iterations completed.</param>
/// <param name="Iterations">Iterations of the whole run.</param>
/// <param name="EnvironmentSteps">Environment steps completed.</param>
/// <param name="Updates">Optimiser steps taken.</param>
/// <param name="Seconds">Time spent training, over all openings.</param>
/// <param name="Committed">Iteration of the last committed checkpoint; null before the first.</param>
/// <param name="Error">What went wrong.</param>
public sealed record RunStatus(
    RunPhase Phase, string Activity, long Iteration, long Iterations, long EnvironmentSteps, long Updates, double Seconds,
    long? Committed, string? Error);
