namespace Madrl.Environments;

/// <summary>What a Markov game is, for whoever acts in it or learns from it: sizes and meanings, no behaviour.</summary>
/// <param name="Task">Name of the task, in kebab case: <c>simple-spread</c>.</param>
/// <param name="Rules">Variant of the rules; published numbers differ by it.</param>
/// <param name="Agents">The agents in their fixed order.</param>
/// <param name="StateSize">Length of the global state, what a centralised critic sees.</param>
/// <param name="EpisodeLimit">Steps after which an episode is cut off (not terminated).</param>
/// <param name="ReturnScale">What a return of this game means, said with every result: <c>sum over the 3 agents</c>.</param>
public sealed record GameSpec(
    string Task, string Rules, IReadOnlyList<AgentSpec> Agents, int StateSize, int EpisodeLimit, string ReturnScale);

/// <summary>One agent's view of a game.</summary>
/// <param name="Name">The agent's name within the game.</param>
/// <param name="ObservationSize">Length of its observation.</param>
/// <param name="Actions">What it can do.</param>
public sealed record AgentSpec(string Name, int ObservationSize, ActionSpace Actions)
{
    /// <summary>Agents that differ in their names alone: <c>agent_0</c>, <c>agent_1</c> and so on.</summary>
    /// <param name="count">Number of agents.</param>
    /// <param name="observationSize">Length of an observation.</param>
    /// <param name="actions">What each can do.</param>
    public static IReadOnlyList<AgentSpec> Alike(int count, int observationSize, ActionSpace actions) =>
        [.. Enumerable.Range(0, count).Select(agent => new AgentSpec($"agent_{agent}", observationSize, actions))];
}

/// <summary>
/// What an agent can do. An action is a row of <see cref="Width"/> float32 numbers; a discrete action is its index,
/// which float32 holds exactly up to 16,777,216.
/// </summary>
public abstract record ActionSpace
{
    private ActionSpace()
    {
    }

    /// <summary>Numbers that one action takes.</summary>
    public abstract int Width { get; }

    /// <summary>One of <paramref name="Count"/> actions, given by its index.</summary>
    public sealed record Discrete(int Count) : ActionSpace
    {
        /// <inheritdoc/>
        public override int Width => 1;
    }

    /// <summary><paramref name="Size"/> numbers, each between <paramref name="Low"/> and <paramref name="High"/>.</summary>
    public sealed record Box(int Size, float Low, float High) : ActionSpace
    {
        /// <inheritdoc/>
        public override int Width => Size;
    }
}
