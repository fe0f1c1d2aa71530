namespace Madrl.Environments;

/// <summary>
/// One episode of each of K copies, the unit that environments hand to learners. With T the episode limit, observations
/// and states have T+1 entries (the last is what was seen after the last action), actions and rewards have T.
/// Entries after an episode's end are zero. Copies are in global order, so rollouts of several shards join by appending.
/// </summary>
public sealed class Rollout
{
    /// <summary>An empty rollout.</summary>
    /// <param name="spec">The game.</param>
    /// <param name="copies">Copies, K, at least 1.</param>
    public Rollout(GameSpec spec, int copies)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        var steps = spec.EpisodeLimit;
        Copies = copies;
        Steps = steps;
        Observations = [.. spec.Agents.Select(agent => new float[copies * (steps + 1) * agent.ObservationSize])];
        Actions = [.. spec.Agents.Select(agent => new float[copies * steps * agent.Actions.Width])];
        Rewards = [.. spec.Agents.Select(_ => new float[copies * steps])];
        States = new float[copies * (steps + 1) * spec.StateSize];
        Lengths = new int[copies];
        Terminated = new bool[copies];
    }

    /// <summary>Bytes that one copy's episode takes on its way to the learner.</summary>
    public static long BytesPerCopy(GameSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var observed = spec.StateSize + spec.Agents.Sum(agent => agent.ObservationSize);
        var done = spec.Agents.Sum(agent => agent.Actions.Width + 1);
        return sizeof(float) * ((spec.EpisodeLimit + 1L) * observed + (long)spec.EpisodeLimit * done) + sizeof(int) + sizeof(bool);
    }

    /// <summary>Copies, K.</summary>
    public int Copies { get; }

    /// <summary>Episode limit, T.</summary>
    public int Steps { get; }

    /// <summary>Per agent [K, T+1, observation size].</summary>
    public float[][] Observations { get; }

    /// <summary>Per agent [K, T, width of its action space].</summary>
    public float[][] Actions { get; }

    /// <summary>Per agent [K, T].</summary>
    public float[][] Rewards { get; }

    /// <summary>[K, T+1, state size].</summary>
    public float[] States { get; }

    /// <summary>Steps that each episode lasted, 1 to T [K].</summary>
    public int[] Lengths { get; }

    /// <summary>Whether each episode ended by the game itself rather than at the limit [K].</summary>
    public bool[] Terminated { get; }
}
