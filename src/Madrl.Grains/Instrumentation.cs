using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Madrl.Grains;

/// <summary>
/// What the grains tell OpenTelemetry. No grain keys among the attributes: their number is unbounded.
/// </summary>
public static class Instrumentation
{
    /// <summary>Name of the activity source and the meter.</summary>
    public const string Name = "Madrl";

    /// <summary>Spans: one per iteration and per part of it.</summary>
    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Environment steps taken in training.</summary>
    public static readonly Counter<long> EnvironmentSteps = Meter.CreateCounter<long>("madrl.environment.steps", "{step}", "Environment steps taken in training");

    /// <summary>Optimiser steps taken.</summary>
    public static readonly Counter<long> Updates = Meter.CreateCounter<long>("madrl.learner.updates", "{update}", "Optimiser steps taken");

    /// <summary>Time that learning from one iteration took.</summary>
    public static readonly Histogram<double> LearningTime = Meter.CreateHistogram<double>("madrl.learner.duration", "s", "Learning from one iteration");

    /// <summary>Calls that grains received; attribute <c>grain</c> is the grain's type.</summary>
    public static readonly Counter<long> Calls = Meter.CreateCounter<long>("madrl.grain.calls", "{call}", "Calls received");

    /// <summary>Bytes of messages sent to other silos, as they are on the wire.</summary>
    public static readonly Counter<long> SiloBytes = Meter.CreateCounter<long>("madrl.silo.bytes", "By", "Bytes sent to other silos");

    /// <summary>Tensor bytes in messages.</summary>
    public static readonly Counter<long> MessageBytes = Meter.CreateCounter<long>("madrl.message.bytes", "By", "Tensor bytes in messages");
}
