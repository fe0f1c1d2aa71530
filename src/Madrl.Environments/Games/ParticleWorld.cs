using System.Numerics;
using Madrl.Numerics;

namespace Madrl.Environments.Games;

/// <summary>When a step moves the particles: the two published versions of the physics differ in it.</summary>
internal enum Integration
{
    /// <summary>MPE2: positions move with the velocity before the step.</summary>
    PositionFirst,

    /// <summary>OpenAI's original: positions move with the velocity after the step.</summary>
    VelocityFirst,
}

/// <summary>
/// The physics of the Multi-Particle Environments for K copies: discs of mass 1 that are pushed about the plane, slow
/// down and repel one another on contact, among fixed landmarks. Entities are the agents, then the landmarks.
/// Structure of arrays: every quantity of an entity is a row over the copies, padded to whole vectors, so that one
/// instruction serves several copies. Lanes never mix, hence the bits depend neither on K nor on the vector's width.
/// </summary>
internal sealed class ParticleWorld
{
    /// <summary>Seconds in a step.</summary>
    public const double TimeStep = 0.1;

    /// <summary>The share of its velocity that a particle loses in a step.</summary>
    public const double Damping = 0.25;

    /// <summary>Force of a full action.</summary>
    public const double Acceleration = 5;

    private const double ContactForce = 100;
    private const double ContactMargin = 0.001;

    // The force falls as exp(-gap / margin). Beyond this many margins it is below 1e-18, far below the rounding of
    // any velocity that matters, so pairs that are further apart are passed over: nearly all pairs, nearly always.
    private const double ContactReach = 40;

    private readonly double _contactDistance;
    private readonly Integration _integration;

    /// <summary>A world at rest in the origin.</summary>
    /// <param name="copies">Copies, K, at least 1.</param>
    /// <param name="agents">Agents: particles that move and collide.</param>
    /// <param name="landmarks">Landmarks: places that neither move nor collide.</param>
    /// <param name="agentRadius">Radius of every agent.</param>
    /// <param name="integration">Order of a step.</param>
    public ParticleWorld(int copies, int agents, int landmarks, double agentRadius, Integration integration)
    {
        Copies = copies;
        Agents = agents;
        Landmarks = landmarks;
        Stride = (copies + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        X = new double[(agents + landmarks) * Stride];
        Y = new double[(agents + landmarks) * Stride];
        VelocityX = new double[agents * Stride];
        VelocityY = new double[agents * Stride];
        ForceX = new double[agents * Stride];
        ForceY = new double[agents * Stride];
        _contactDistance = 2 * agentRadius;
        _integration = integration;
    }

    /// <summary>Copies, K.</summary>
    public int Copies { get; }

    /// <summary>Agents, the first entities.</summary>
    public int Agents { get; }

    /// <summary>Landmarks, the entities after the agents.</summary>
    public int Landmarks { get; }

    /// <summary>Length of a row: K rounded up to whole vectors. Copy k of entity e stands at e * Stride + k.</summary>
    public int Stride { get; }

    /// <summary>Horizontal positions [entities, Stride].</summary>
    public double[] X { get; }

    /// <summary>Vertical positions [entities, Stride].</summary>
    public double[] Y { get; }

    /// <summary>Horizontal velocities [agents, Stride].</summary>
    public double[] VelocityX { get; }

    /// <summary>Vertical velocities [agents, Stride].</summary>
    public double[] VelocityY { get; }

    /// <summary>Horizontal forces [agents, Stride]: the actions', to which <see cref="Advance"/> adds the contacts'.</summary>
    public double[] ForceX { get; }

    /// <summary>Vertical forces [agents, Stride], likewise.</summary>
    public double[] ForceY { get; }

    /// <summary>Moves every copy by one step under the forces of the actions and of the contacts.</summary>
    public void Advance()
    {
        for (var first = 0; first < Agents; first++)
        {
            for (var second = first + 1; second < Agents; second++) AddContacts(first * Stride, second * Stride);
        }

        Move(X.AsSpan(0, Agents * Stride), VelocityX, ForceX);
        Move(Y.AsSpan(0, Agents * Stride), VelocityY, ForceY);
    }

    /// <summary>Squared distances between two entities in the copies from <paramref name="copy"/> on.</summary>
    /// <param name="first">Start of the first entity's row.</param>
    /// <param name="second">Start of the second entity's row.</param>
    /// <param name="copy">First copy of the vector.</param>
    public Vector<double> SquaredDistances(int first, int second, int copy)
    {
        var x = new Vector<double>(X, first + copy) - new Vector<double>(X, second + copy);
        var y = new Vector<double>(Y, first + copy) - new Vector<double>(Y, second + copy);
        return x * x + y * y;
    }

    private void AddContacts(int first, int second)
    {
        var reach = _contactDistance + ContactReach * ContactMargin;
        var squaredReach = new Vector<double>(reach * reach);
        for (var copy = 0; copy < Copies; copy += Vector<double>.Count)
        {
            var near = Vector.LessThan(SquaredDistances(first, second, copy), squaredReach);
            if (near == Vector<long>.Zero) continue;

            // The last vector of a row may reach into the padding, which takes no part.
            var lanes = Math.Min(Vector<double>.Count, Copies - copy);
            for (var lane = 0; lane < lanes; lane++)
            {
                if (near[lane] != 0) AddContact(first + copy + lane, second + copy + lane);
            }
        }
    }

    private void AddContact(int first, int second)
    {
        var x = X[first] - X[second];
        var y = Y[first] - Y[second];
        var distance = Math.Sqrt(x * x + y * y);
        if (distance == 0) return; // No direction to push in.

        // A soft wall: nearly the depth of penetration once the discs overlap, nearly nothing before.
        var penetration = ContactMargin * DoubleMath.LogOnePlusExp((_contactDistance - distance) / ContactMargin);
        var forceX = ContactForce * x / distance * penetration;
        var forceY = ContactForce * y / distance * penetration;
        ForceX[first] += forceX;
        ForceY[first] += forceY;
        ForceX[second] -= forceX;
        ForceY[second] -= forceY;
    }

    private void Move(Span<double> positions, Span<double> velocities, ReadOnlySpan<double> forces)
    {
        for (var i = 0; i < positions.Length; i += Vector<double>.Count)
        {
            var before = new Vector<double>(velocities[i..]);
            var after = before * (1 - Damping) + new Vector<double>(forces[i..]) * TimeStep;
            var moving = _integration == Integration.PositionFirst ? before : after;
            (new Vector<double>(positions[i..]) + moving * TimeStep).CopyTo(positions[i..]);
            after.CopyTo(velocities[i..]);
        }
    }
}
