namespace Madrl.Environments.Games.Particles;

/// <summary>An agent of a particle world: a disc of mass 1.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Radius">Its radius.</param>
/// <param name="Collides">Whether it pushes others away and is pushed.</param>
/// <param name="Moves">Whether it moves.</param>
/// <param name="Speaks">Whether it says a word in each step.</param>
/// <param name="Acceleration">Force of a full action.</param>
/// <param name="MaxSpeed">Its greatest speed.</param>
/// <param name="Adversary">Whether it is of the team against the others.</param>
internal sealed record ParticleAgent(
    string Name, double Radius, bool Collides = true, bool Moves = true, bool Speaks = false,
    double Acceleration = ParticleAgent.UsualAcceleration, double MaxSpeed = double.PositiveInfinity, bool Adversary = false)
{
    /// <summary>Force of a full action unless a task says otherwise.</summary>
    public const double UsualAcceleration = 5;
}

/// <summary>A place in a particle world, which never moves.</summary>
/// <param name="Radius">Its radius.</param>
/// <param name="Collides">Whether agents are pushed away from it.</param>
internal sealed record ParticleLandmark(double Radius, bool Collides = false);

/// <summary>When a step moves the particles: the two published versions of the physics differ in it.</summary>
internal enum Integration
{
    /// <summary>MPE2: positions move with the velocity before the step.</summary>
    PositionFirst,

    /// <summary>OpenAI's original: positions move with the velocity after the step.</summary>
    VelocityFirst,
}
