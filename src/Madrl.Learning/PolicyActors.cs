using Madrl.Environments;
using Madrl.Policies;

namespace Madrl.Learning;

/// <summary>Acts with the agents' policies in the caller's own thread: no grains, no messages, no allocation per step.</summary>
public sealed class PolicyActors : IActors
{
    private readonly ulong _seed;
    private IReadOnlyList<Policy> _policies = [];

    /// <summary>Actors without policies yet.</summary>
    /// <param name="seed">The run's seed: the key of every sampled action.</param>
    public PolicyActors(ulong seed) => _seed = seed;

    /// <summary>Takes the policies that act from now on, one per agent.</summary>
    public void Use(IReadOnlyList<Policy> policies) => _policies = policies;

    /// <inheritdoc/>
    public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
    {
        var key = new ActionKey(_seed, step.Mode == ActingMode.Greedy, step.FirstCopy, step.Step, step.EpisodeStep);
        for (var agent = 0; agent < _policies.Count; agent++) _policies[agent].Act(observations[agent], step.Rows, key, actions[agent]);
        return ValueTask.CompletedTask;
    }
}
