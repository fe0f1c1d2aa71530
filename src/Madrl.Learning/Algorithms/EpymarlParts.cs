using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>The rewards that EPyMARL's learners see.</summary>
internal static class EpymarlRewards
{
    /// <summary>Rewards [n, B, T] from those of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="agents">Agents, n.</param>
    /// <param name="common">Whether every agent is given the sum of all rewards.</param>
    /// <param name="statistics">Standardises them after taking in all of them, padding included; null to leave them as they are.</param>
    public static Tensor Of(TrainingBatch batch, int agents, bool common, RunningStatistics? statistics)
    {
        var rewards = common ? batch.Rewards.sum(0, keepdim: true) : batch.Rewards;
        statistics?.Update(rewards.flatten(1));
        return (statistics?.Standardise(rewards) ?? rewards).expand(agents, -1, -1);
    }
}

/// <summary>
/// When EPyMARL's target networks follow: softly after every call with a rate up to 1, above that by a copy whenever as many
/// calls have passed since the last one.
/// </summary>
/// <param name="rate">The rate, or the calls between copies.</param>
internal sealed class EpymarlTargetSchedule(double rate)
{
    private readonly Tensor _last = zeros(1, ScalarType.Float64).DetachFromDisposeScope();
    private readonly Tensor _calls = zeros(1, ScalarType.Float64).DetachFromDisposeScope();

    /// <summary>The counters, for a checkpoint: part of the learner's state, which disposes of them.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => [("target.last", _last), ("target.calls", _calls)];

    /// <summary>Counts a call and moves the targets' flat parameters if it is time.</summary>
    public void Follow(params IReadOnlyList<(Tensor Target, Tensor Online)> pairs)
    {
        using var frozen = no_grad();
        var calls = _calls.PlusInPlace(1).item<double>();
        if (rate > 1 && (calls - _last.item<double>()) / rate < 1) return;
        if (rate > 1) _last.copy_(_calls);
        foreach (var (target, online) in pairs)
        {
            if (rate > 1) target.copy_(online);
            else target.FollowInPlace(online, rate);
        }
    }
}

