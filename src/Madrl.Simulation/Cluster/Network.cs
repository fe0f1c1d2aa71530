using Madrl.Numerics;
using Madrl.Simulation.Faults;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Cluster;

/// <summary>Carries messages: each takes its time, and some are delayed, dropped, doubled or overtaken.</summary>
internal sealed class Network(Scheduler scheduler, Chance latency, FaultSource faults)
{
    /// <summary>Time that an undisturbed message takes, in seconds.</summary>
    private const double Shortest = 5e-5, Longest = 5e-4;

    /// <summary>A delayed message may take longer than its caller waits, in seconds.</summary>
    private const double LongestDelay = 60;

    /// <summary>Carries a request.</summary>
    public void Request(Call call, Action<Call> arrive)
    {
        if (faults.Fires(FaultKind.RequestDropped, call.Name)) return;
        Carry(call, () => arrive(call));
        if (faults.Fires(FaultKind.RequestDuplicated, call.Name)) scheduler.After(DelayOfSecond(), call.Name, () => arrive(call));
    }

    /// <summary>Carries an answer.</summary>
    public void Response(Call call, Action arrive)
    {
        if (!faults.Fires(FaultKind.ResponseDropped, call.Name)) Carry(call, arrive);
    }

    /// <summary>Of any magnitude: at once, within the iteration, or when a later epoch has long spoken.</summary>
    private TimeSpan DelayOfSecond() =>
        TimeSpan.FromSeconds(Shortest * DoubleMath.Exp(faults.Chance.Between(0, DoubleMath.Log(LongestDelay / Shortest))));

    private void Carry(Call call, Action arrive)
    {
        var delay = latency.Seconds(Shortest, Longest);
        if (faults.Fires(FaultKind.MessageDelayed, call.Name)) delay = faults.Chance.Seconds(0.1, LongestDelay);
        else if (faults.Fires(FaultKind.MessageReordered, call.Name)) delay += faults.Chance.Seconds(Longest, 20 * Longest);
        scheduler.After(delay, call.Name, arrive);
    }
}
