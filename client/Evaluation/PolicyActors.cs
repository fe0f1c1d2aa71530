using Madrl.Environments;
using Madrl.Policies;

namespace Madrl.Terminal.Evaluation;

/// <summary>Policies that act in this process, without grains.</summary>
/// <param name="policies">One per agent.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class PolicyActors(IReadOnlyList<Policy> policies, ulong seed) : IActors
{
    /// <inheritdoc/>
    public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
    {
        var key = new ActionKey(seed, step.Mode == ActingMode.Greedy, step.FirstCopy, step.Step);
        for (var agent = 0; agent < policies.Count; agent++)
            policies[agent].Act(observations[agent], step.Rows, key, actions[agent]);
        return ValueTask.CompletedTask;
    }
}
