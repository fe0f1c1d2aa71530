namespace Madrl.Environments.Games.Particles;

/// <summary>
/// Who and what is in a particle world, and in which rows of <see cref="CopyBlocks"/> their numbers stand: positions of all
/// entities (agents, then landmarks), velocities of the agents, what was said, then the task's own rows. What need not be remembered
/// from step to step has rows of a block that all copies share in turn, which thus stays in the cache: forces have one such block,
/// and what the task works out for observations has another, whose rows are counted on from those that are kept.
/// </summary>
/// <param name="agents">The agents in the reference program's order.</param>
/// <param name="landmarks">The landmarks in the reference program's order.</param>
/// <param name="words">Length of what an agent says, a word as one number per word of the language; 0 where nobody speaks.</param>
/// <param name="ownRows">Rows that the task keeps for itself.</param>
/// <param name="seenRows">Rows that the task works out whenever it is observed.</param>
internal sealed class ParticleScene(ParticleAgent[] agents, ParticleLandmark[] landmarks, int words = 0, int ownRows = 0, int seenRows = 0)
{
    private readonly int[] _speakersBefore =
        [.. Enumerable.Range(0, agents.Length + 1).Select(agent => agents.AsSpan(0, agent).ToArray().Count(before => before.Speaks))];

    private readonly int[] _positions = [.. Enumerable.Range(0, agents.Length + landmarks.Length).Select(entity => 2 * entity)];

    /// <summary>The agents, the first entities.</summary>
    public ParticleAgent[] Agents { get; } = agents;

    /// <summary>The landmarks, the entities after the agents.</summary>
    public ParticleLandmark[] Landmarks { get; } = landmarks;

    /// <summary>Length of what an agent says.</summary>
    public int Words { get; } = words;

    /// <summary>Agents and landmarks.</summary>
    public int Entities { get; } = agents.Length + landmarks.Length;

    /// <summary>All rows that are kept.</summary>
    public int Rows => Own + ownRows;

    /// <summary>
    /// Rows that are worked out whenever they are observed; the first of them, as a <see cref="Column"/> counts, is <see cref="Rows"/>.
    /// </summary>
    public int SeenRows => seenRows;

    /// <summary>The first of the task's own rows.</summary>
    public int Own => Said(Agents.Length);

    /// <summary>Row of an entity's horizontal position; the vertical one is the next.</summary>
    public int Position(int entity) => 2 * entity;

    /// <summary>Row of a landmark's horizontal position; the vertical one is the next.</summary>
    public int Place(int landmark) => Position(Agents.Length + landmark);

    /// <summary>The rows <see cref="Position"/> of all agents.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Agents.Length);

    /// <summary>The rows <see cref="Place"/> of all landmarks.</summary>
    public ReadOnlySpan<int> Places => _positions.AsSpan(Agents.Length);

    /// <summary>Row of an agent's horizontal velocity; the vertical one is the next.</summary>
    public int Velocity(int agent) => 2 * (Entities + agent);

    /// <summary>Row of the horizontal force on an agent in the block of the forces; the vertical one is the next.</summary>
    public int Force(int agent) => 2 * agent;

    /// <summary>First row of what an agent said who speaks.</summary>
    public int Said(int agent) => 2 * (Entities + Agents.Length) + _speakersBefore[agent] * Words;

    /// <summary>Radius of an entity.</summary>
    public double Radius(int entity) => entity < Agents.Length ? Agents[entity].Radius : Landmarks[entity - Agents.Length].Radius;

    /// <summary>Whether an entity pushes others away.</summary>
    public bool Collides(int entity) => entity < Agents.Length ? Agents[entity].Collides : Landmarks[entity - Agents.Length].Collides;

    /// <summary>Whether an entity moves.</summary>
    public bool Moves(int entity) => entity < Agents.Length && Agents[entity].Moves;
}
