namespace Madrl.Environments;

/// <summary>How actions are chosen.</summary>
public enum ActingMode : byte
{
    /// <summary>Sampled from the policy, for training.</summary>
    Explore = 0,

    /// <summary>The policy's most probable action, for evaluation; no randomness at all.</summary>
    Greedy = 1,
}

/// <summary>Which step of which copies an action is for: the key of every random draw that it needs.</summary>
/// <param name="Mode">How actions are chosen.</param>
/// <param name="FirstCopy">Global index of the first copy of the batch.</param>
/// <param name="Rows">Copies in the batch, K.</param>
/// <param name="Step">Step number since the run's start: episode * episode limit + step within the episode.</param>
/// <param name="EpisodeStep">Step within the episode, which all copies of a batch begin together.</param>
public readonly record struct ActingStep(ActingMode Mode, long FirstCopy, int Rows, long Step, int EpisodeStep = 0);

/// <summary>
/// Whoever acts for the agents of a game: policies in a plain loop, agent replicas behind grain calls,
/// the random or the scripted policy.
/// </summary>
public interface IActors
{
    /// <summary>Chooses the actions of all agents for one step of all copies.</summary>
    /// <param name="step">Which step of which copies.</param>
    /// <param name="observations">Per agent [K, observation size]; valid until the call completes.</param>
    /// <param name="actions">Per agent, receives [K, width of its action space].</param>
    ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions);
}
