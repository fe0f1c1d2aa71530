using Madrl.Environments.Drawing;

namespace Madrl.Environments.Games.Particles;

/// <summary>An agent of a particle world: a disc of mass 1.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Radius">Its radius.</param>
/// <param name="Adversary">Whether it is of the team against the others.</param>
internal sealed record ParticleAgent(string Name, double Radius, bool Adversary = false)
{
    /// <summary>Whether it pushes others away and is pushed.</summary>
    public bool Collides { get; init; }

    /// <summary>Whether it moves.</summary>
    public bool Moves { get; init; } = true;

    /// <summary>Whether it says a word in each step.</summary>
    public bool Speaks { get; init; }

    /// <summary>Force of a full action.</summary>
    public double Acceleration { get; init; } = 5;

    /// <summary>Its greatest speed.</summary>
    public double MaxSpeed { get; init; } = double.PositiveInfinity;
}

/// <summary>A place in a particle world, which never moves.</summary>
/// <param name="Radius">Its radius.</param>
/// <param name="Ink">What it is to a person who looks.</param>
/// <param name="Collides">Whether agents are pushed away from it.</param>
/// <param name="Spread">It is drawn uniformly from the square of twice this side around the origin.</param>
internal sealed record ParticleLandmark(double Radius, Ink Ink = Ink.Target, bool Collides = false, double Spread = 1);

/// <summary>When a step moves the particles: the two published versions of the physics differ in it.</summary>
internal enum Integration
{
    /// <summary>MPE2: positions move with the velocity before the step.</summary>
    PositionFirst,

    /// <summary>OpenAI's original: positions move with the velocity after the step.</summary>
    VelocityFirst,
}
