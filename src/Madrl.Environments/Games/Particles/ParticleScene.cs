namespace Madrl.Environments.Games.Particles;

/// <summary>
/// Who and what is in a particle world, and in which rows of <see cref="CopyBlocks"/> their numbers stand: positions of all
/// entities (agents, then landmarks), velocities of and forces on the agents, what they said, then the task's own rows.
/// </summary>
/// <param name="agents">The agents in the reference program's order.</param>
/// <param name="landmarks">The landmarks in the reference program's order.</param>
/// <param name="words">Length of what an agent says, a word as one number per word of the language; 0 where nobody speaks.</param>
/// <param name="ownRows">Rows that the task keeps for itself.</param>
internal sealed class ParticleScene(ParticleAgent[] agents, ParticleLandmark[] landmarks, int words = 0, int ownRows = 0)
{
    private readonly int[] _positions = [.. Enumerable.Range(0, agents.Length + landmarks.Length).Select(entity => 2 * entity)];

    /// <summary>The agents, the first entities.</summary>
    public ParticleAgent[] Agents { get; } = agents;

    /// <summary>The landmarks, the entities after the agents.</summary>
    public ParticleLandmark[] Landmarks { get; } = landmarks;

    /// <summary>Length of what an agent says.</summary>
    public int Words { get; } = words;

    /// <summary>Agents and landmarks.</summary>
    public int Entities { get; } = agents.Length + landmarks.Length;

    /// <summary>All rows.</summary>
    public int Rows => Own + ownRows;

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

    /// <summary>Row of the horizontal force on an agent; the vertical one is the next.</summary>
    public int Force(int agent) => 2 * (Entities + Agents.Length + agent);

    /// <summary>First row of what an agent said.</summary>
    public int Said(int agent) => 2 * (Entities + 2 * Agents.Length) + agent * Words;

    /// <summary>Radius of an entity.</summary>
    public double Radius(int entity) => entity < Agents.Length ? Agents[entity].Radius : Landmarks[entity - Agents.Length].Radius;

    /// <summary>Whether an entity pushes others away.</summary>
    public bool Collides(int entity) => entity < Agents.Length ? Agents[entity].Collides : Landmarks[entity - Agents.Length].Collides;

    /// <summary>Whether an entity moves.</summary>
    public bool Moves(int entity) => entity < Agents.Length && Agents[entity].Moves;
}
