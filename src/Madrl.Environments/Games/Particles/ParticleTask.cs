using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles;

/// <summary>
/// One of the Multi-Particle Environments: who is there, what they see and what they get. The physics, the actions and the layout
/// are <see cref="ParticleGame"/>'s.
/// </summary>
internal abstract unsafe class ParticleTask
{
    /// <summary>Name of the task.</summary>
    public abstract string Name { get; }

    /// <summary>The agents in the reference program's order.</summary>
    public abstract IReadOnlyList<ParticleAgent> Agents { get; }

    /// <summary>The landmarks in the reference program's order.</summary>
    public abstract IReadOnlyList<ParticleLandmark> Landmarks { get; }

    /// <summary>Length of what a speaking agent says, in other tasks of what all are heard to say: zeros.</summary>
    public virtual int Words => 0;

    /// <summary>Rows of its own: goals, colours, forests.</summary>
    public virtual int ExtraRows => 0;

    /// <summary>What a return means.</summary>
    public abstract string ReturnScale { get; }

    /// <summary>What an agent sees.</summary>
    public abstract IEnumerable<Column> Observation(ParticleWorld world, int agent);

    /// <summary>Draws the initial state of a copy. Velocities and what was said are zero already.</summary>
    public virtual void Begin(ParticleWorld world, int copy, ref KeyedRandom random)
    {
        for (var entity = 0; entity < world.EntityCount; entity++)
        {
            world.State[world.Position(entity), copy] = random.NextDouble(-1, 1);
            world.State[world.Position(entity) + 1, copy] = random.NextDouble(-1, 1);
        }
    }

    /// <summary>Computes the rewards of a block after a step, and brings its own rows up to date.</summary>
    /// <param name="world">The world.</param>
    /// <param name="block">The block.</param>
    /// <param name="rewards">Receives [agents, W].</param>
    public abstract void Reward(ParticleWorld world, double* block, double* rewards);

    /// <summary>What the scripted policy does.</summary>
    /// <returns>Pushes as shares of the full force in [-1, 1], and the word.</returns>
    public abstract (double X, double Y, int Word) Play(ParticleWorld world, int agent, int copy);
}
