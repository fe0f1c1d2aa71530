using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles;

/// <summary>
/// One of the Multi-Particle Environments: who is there, what they see and what they get. The physics, the actions and the layout
/// are the same in all and not its business.
/// </summary>
/// <param name="scene">Who is there.</param>
/// <param name="openAI">Whether OpenAI's rules hold rather than MPE2's.</param>
internal abstract class ParticleTask(ParticleScene scene, bool openAI)
{
    /// <summary>Who is there.</summary>
    public ParticleScene Scene => scene;

    /// <summary>Whether OpenAI's rules hold rather than MPE2's.</summary>
    public bool OpenAI => openAI;

    /// <summary>What a return means.</summary>
    public virtual string ReturnScale => $"sum over the {scene.Agents.Length} agents";

    /// <summary>What an agent sees.</summary>
    public abstract IEnumerable<Column> Observation(int agent);

    /// <summary>Draws the initial state of a copy: positions, then whatever the task adds. All else is zero already.</summary>
    public virtual void Begin(CopyLane copy, ref KeyedRandom random)
    {
        for (var entity = 0; entity < scene.Entities; entity++)
        {
            var spread = entity < scene.Agents.Length ? 1 : scene.Landmarks[entity - scene.Agents.Length].Spread;
            copy[scene.Position(entity)] = random.NextDouble(-spread, spread);
            copy[scene.Position(entity) + 1] = random.NextDouble(-spread, spread);
        }
    }

    /// <summary>Sets those of its own rows which follow from others and stay as they are. Called after a copy of the eight has begun.</summary>
    public virtual void Derive(CopyLanes world)
    {
    }

    /// <summary>Works out what is observed and follows from the movements. Called before copies are observed.</summary>
    /// <param name="world">Eight copies.</param>
    /// <param name="seen">Receives the <see cref="ParticleScene.SeenRows"/>.</param>
    public virtual void See(CopyLanes world, CopyLanes seen)
    {
    }

    /// <summary>Computes the rewards after a step.</summary>
    /// <param name="world">Eight copies.</param>
    /// <param name="rewards">Receives one row per agent.</param>
    public abstract void Reward(CopyLanes world, CopyLanes rewards);

    /// <summary>
    /// What the scripted policy does: pushes as shares of the full force in [-1, 1], and a word. What a player has to remember, it may
    /// keep in rows of the task's own.
    /// </summary>
    public abstract ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot);

    /// <summary>The landmark that stands out for a person who looks, if one does.</summary>
    public virtual int? Goal(CopyLane copy) => null;

    /// <summary>Where all landmarks lie relative to an agent.</summary>
    protected IEnumerable<Column> Landmarks(int agent) =>
        Enumerable.Range(0, scene.Landmarks.Length).SelectMany(landmark => Column.Relative(scene.Place(landmark), scene.Position(agent)));

    /// <summary>All agents but one.</summary>
    protected IEnumerable<int> Others(int agent) => Enumerable.Range(0, scene.Agents.Length).Where(other => other != agent);

    /// <summary>Gives every agent the sum of all: how OpenAI's program shares rewards.</summary>
    protected void Share(CopyLanes rewards)
    {
        var sum = rewards[0];
        for (var agent = 1; agent < scene.Agents.Length; agent++) sum += rewards[agent];
        for (var agent = 0; agent < scene.Agents.Length; agent++) rewards[agent] = sum;
    }
}

/// <summary>A scripted action.</summary>
/// <param name="X">Share of the full force along x, in [-1, 1].</param>
/// <param name="Y">Share of the full force along y, in [-1, 1].</param>
/// <param name="Word">What is said, by those who speak.</param>
internal readonly record struct ScriptedAction(double X, double Y, int Word = 0);
