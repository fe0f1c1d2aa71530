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
        : this(spec, copies, spec?.EpisodeLimit ?? 0)
    {
    }

    /// <summary>An empty rollout of pieces of episodes, such as single transitions.</summary>
    /// <param name="spec">The game.</param>
    /// <param name="copies">Copies, K, at least 1.</param>
    /// <param name="steps">Steps of a piece, T, at least 1.</param>
    /// <param name="states">Whether it has global states.</param>
    public Rollout(GameSpec spec, int copies, int steps, bool states = true)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Copies = copies;
        Steps = steps;
        Observations = [.. spec.Agents.Select(agent => new float[checked(copies * (steps + 1) * agent.ObservationSize)])];
        Actions = [.. spec.Agents.Select(agent => new float[checked(copies * steps * agent.Actions.Width)])];
        Rewards = [.. spec.Agents.Select(_ => new float[checked(copies * steps)])];
        States = states ? new float[checked(copies * (steps + 1) * spec.StateSize)] : [];
        Lengths = new int[copies];
        Terminated = new bool[copies];
    }

    /// <summary>A rollout of arrays that are there already; it owns them from now on.</summary>
    /// <param name="observations">Per agent [K, T+1, observation size].</param>
    /// <param name="actions">Per agent [K, T, width].</param>
    /// <param name="rewards">Per agent [K, T].</param>
    /// <param name="states">[K, T+1, state size], or empty.</param>
    /// <param name="lengths">[K].</param>
    /// <param name="terminated">[K].</param>
    /// <exception cref="ArgumentException">The sizes do not belong together.</exception>
    public Rollout(float[][] observations, float[][] actions, float[][] rewards, float[] states, int[] lengths, bool[] terminated)
    {
        (Observations, Actions, Rewards, States, Lengths, Terminated) = (observations, actions, rewards, states, lengths, terminated);
        Copies = lengths.Length;
        Steps = Copies > 0 && rewards.Length > 0 ? rewards[0].Length / Copies : 0;
        var fits = Steps > 0 && terminated.Length == Copies && observations.Length == rewards.Length && actions.Length == rewards.Length
            && rewards.All(values => values.Length == Copies * Steps) && actions.All(values => values.Length % (Copies * Steps) == 0)
            && observations.Append(states).All(values => values.Length % (Copies * (Steps + 1)) == 0);
        if (!fits) throw new ArgumentException("The arrays of a rollout do not belong together: they are of other copies, steps or agents.");
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

    /// <summary>Episode limit, T, or the steps of a piece.</summary>
    public int Steps { get; }

    /// <summary>Per agent [K, T+1, observation size].</summary>
    public float[][] Observations { get; }

    /// <summary>Per agent [K, T, width of its action space].</summary>
    public float[][] Actions { get; }

    /// <summary>Per agent [K, T].</summary>
    public float[][] Rewards { get; }

    /// <summary>[K, T+1, state size]; empty where states are not kept.</summary>
    public float[] States { get; }

    /// <summary>Steps that each episode lasted, 1 to T [K].</summary>
    public int[] Lengths { get; }

    /// <summary>Whether each episode ended by the game itself rather than at the limit [K].</summary>
    public bool[] Terminated { get; }

    /// <summary>Copies episodes into another rollout of the same game and steps; states only where the other keeps them.</summary>
    /// <param name="first">The first episode.</param>
    /// <param name="target">Receives them.</param>
    /// <param name="targetFirst">Where the first one goes.</param>
    /// <param name="count">Episodes.</param>
    /// <exception cref="ArgumentException">The rollouts have other shapes, or an index is out of range.</exception>
    public void CopyTo(int first, Rollout target, int targetFirst, int count)
    {
        ArgumentNullException.ThrowIfNull(target);
        for (var agent = 0; agent < Observations.Length; agent++)
        {
            CopyParts(Observations[agent], Copies, first, target.Observations[agent], target.Copies, targetFirst, count);
            CopyParts(Actions[agent], Copies, first, target.Actions[agent], target.Copies, targetFirst, count);
            CopyParts(Rewards[agent], Copies, first, target.Rewards[agent], target.Copies, targetFirst, count);
        }

        if (target.States.Length > 0) CopyParts(States, Copies, first, target.States, target.Copies, targetFirst, count);
        Array.Copy(Lengths, first, target.Lengths, targetFirst, count);
        Array.Copy(Terminated, first, target.Terminated, targetFirst, count);
    }

    /// <summary>Copies one transition into a rollout of pieces of one step.</summary>
    /// <param name="episode">The episode.</param>
    /// <param name="step">A step that was taken in it.</param>
    /// <param name="target">Receives it.</param>
    /// <param name="row">Where it goes.</param>
    /// <exception cref="ArgumentException">The target has other shapes.</exception>
    internal void CopyTransition(int episode, int step, Rollout target, int row)
    {
        var (entry, action) = (episode * (Steps + 1) + step, episode * Steps + step);
        for (var agent = 0; agent < Observations.Length; agent++)
        {
            // Two consecutive entries, before and after, are one row of the target.
            CopyParts(Observations[agent], Copies * (Steps + 1), entry, target.Observations[agent], 2 * target.Copies, 2 * row, 2);
            CopyParts(Actions[agent], Copies * Steps, action, target.Actions[agent], target.Copies, row, 1);
            CopyParts(Rewards[agent], Copies * Steps, action, target.Rewards[agent], target.Copies, row, 1);
        }

        if (target.States.Length > 0) CopyParts(States, Copies * (Steps + 1), entry, target.States, 2 * target.Copies, 2 * row, 2);
        target.Lengths[row] = 1;
        target.Terminated[row] = Terminated[episode] && step == Lengths[episode] - 1;
    }

    /// <summary>Copies <paramref name="count"/> of the equal parts that an array consists of.</summary>
    private static void CopyParts(float[] from, int parts, int first, float[] to, int targetParts, int targetFirst, int count)
    {
        var size = from.Length / parts;
        if (to.Length != (long)targetParts * size)
        {
            throw new ArgumentException($"The other rollout has {to.Length} numbers where {(long)targetParts * size} belong: "
                + "make it for this game and as many steps.");
        }

        Array.Copy(from, first * size, to, targetFirst * size, count * size);
    }
}
