namespace Madrl.Environments;

/// <summary>The returns of a rollout's episodes.</summary>
public static class EpisodeReturns
{
    /// <summary>The return of each copy's episode: the sum of the rewards over agents and steps, undiscounted.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="returns">Receives the returns [K].</param>
    /// <exception cref="ArgumentException"><paramref name="returns"/> is not K long.</exception>
    public static void Compute(Rollout rollout, Span<double> returns)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        if (returns.Length != rollout.Copies)
            throw new ArgumentException($"Returns need {rollout.Copies} numbers, one per copy.", nameof(returns));
        returns.Clear();
        foreach (var rewards in rollout.Rewards)
        {
            for (var copy = 0; copy < rollout.Copies; copy++)
            {
                foreach (var reward in rewards.AsSpan(copy * rollout.Steps, rollout.Lengths[copy])) returns[copy] += reward;
            }
        }
    }
}
