using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles;

/// <summary>
/// The physics of the Multi-Particle Environments for K copies: discs of mass 1 that are pushed about the plane, slow down and
/// repel one another on contact, among landmarks that never move. Entities are the agents, then the landmarks. Rules: reference
/// <c>mpe/README.md</c>.
/// </summary>
internal sealed unsafe class ParticleWorld
{
    /// <summary>Seconds in a step.</summary>
    public const double TimeStep = 0.1;

    /// <summary>The share of its velocity that a particle loses in a step.</summary>
    public const double Damping = 0.25;

    private const double ContactForce = 100;
    private const double ContactMargin = 0.001;

    // The force falls as exp(-gap / margin). Beyond this many margins it is below 1e-18, far below the rounding of any velocity
    // that matters, and within as many it is the depth of penetration to the last bit.
    private const double ContactReach = 40;

    private const int Lanes = 8;

    private readonly Integration _integration;
    private readonly (int First, int Second, double Distance)[] _contacts;

    /// <summary>A world at rest in the origin.</summary>
    /// <param name="copies">Copies, K, at least 1.</param>
    /// <param name="agents">The agents.</param>
    /// <param name="landmarks">The landmarks.</param>
    /// <param name="words">Length of what an agent says.</param>
    /// <param name="extraRows">Further rows, for whatever a task remembers.</param>
    /// <param name="integration">Order of a step.</param>
    public ParticleWorld(
        int copies, IReadOnlyList<ParticleAgent> agents, IReadOnlyList<ParticleLandmark> landmarks, int words, int extraRows, Integration integration)
    {
        (Agents, Landmarks, Words, _integration) = (agents, landmarks, words, integration);
        Speech = 2 * EntityCount + 4 * agents.Count;
        Extra = Speech + agents.Count * words;
        State = new CopyBlocks(copies, Extra + extraRows);
        _contacts =
        [
            .. from first in Enumerable.Range(0, agents.Count)
               from second in Enumerable.Range(first + 1, EntityCount - first - 1)
               where Collides(first) && Collides(second) && (agents[first].Moves || (second < agents.Count && agents[second].Moves))
               select (first, second, Radius(first) + Radius(second)),
        ];
    }

    /// <summary>The agents, the first entities.</summary>
    public IReadOnlyList<ParticleAgent> Agents { get; }

    /// <summary>The landmarks, the entities after the agents.</summary>
    public IReadOnlyList<ParticleLandmark> Landmarks { get; }

    /// <summary>Agents and landmarks.</summary>
    public int EntityCount => Agents.Count + Landmarks.Count;

    /// <summary>Length of what an agent says.</summary>
    public int Words { get; }

    /// <summary>All numbers of all copies.</summary>
    public CopyBlocks State { get; }

    /// <summary>The first of the task's own rows.</summary>
    public int Extra { get; }

    private int Speech { get; }

    /// <summary>Row of an entity's horizontal position; the vertical one is the next.</summary>
    public int Position(int entity) => 2 * entity;

    /// <summary>Row of an agent's horizontal velocity; the vertical one is the next.</summary>
    public int Velocity(int agent) => 2 * EntityCount + 2 * agent;

    /// <summary>Row of the horizontal force on an agent, to which <see cref="Advance"/> adds the contacts'; the vertical one is the next.</summary>
    public int Force(int agent) => 2 * EntityCount + 2 * Agents.Count + 2 * agent;

    /// <summary>First row of what an agent said.</summary>
    public int Said(int agent) => Speech + agent * Words;

    /// <summary>Radius of an entity.</summary>
    public double Radius(int entity) => entity < Agents.Count ? Agents[entity].Radius : Landmarks[entity - Agents.Count].Radius;

    private bool Collides(int entity) => entity < Agents.Count ? Agents[entity].Collides : Landmarks[entity - Agents.Count].Collides;

    /// <summary>Moves the copies of a block by one step under the forces of the actions and of the contacts.</summary>
    public void Advance(double* block)
    {
        var width = State.Width;
        foreach (var (first, second, distance) in _contacts) AddContacts(block, first, second, distance);
        for (var agent = 0; agent < Agents.Count; agent++)
        {
            if (!Agents[agent].Moves) continue;
            double* position = block + Position(agent) * width, velocity = block + Velocity(agent) * width, force = block + Force(agent) * width;
            if (double.IsPositiveInfinity(Agents[agent].MaxSpeed)) Move(position, velocity, force, 2 * width);
            else MoveCapped(position, velocity, force, Agents[agent].MaxSpeed);
        }
    }

    /// <summary>Squared distances of two entities in eight copies.</summary>
    /// <param name="first">The first entity's row, at the first copy.</param>
    /// <param name="second">The second entity's row, at the same copy.</param>
    /// <param name="width">W.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> SquaredDistance(double* first, double* second, int width)
    {
        var x = Vector512.LoadAligned(first) - Vector512.LoadAligned(second);
        var y = Vector512.LoadAligned(first + width) - Vector512.LoadAligned(second + width);
        return x * x + y * y;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddContacts(double* block, int first, int second, double distance)
    {
        var width = State.Width;
        double* p = block + Position(first) * width, q = block + Position(second) * width;
        double* f = Moves(first) ? block + Force(first) * width : null, g = Moves(second) ? block + Force(second) * width : null;
        var reach = distance + ContactReach * ContactMargin;
        var squaredReach = Vector512.Create(reach * reach);
        for (var copy = 0; copy < width; copy += Lanes, p += Lanes, q += Lanes)
        {
            var squared = SquaredDistance(p, q, width);
            var near = Vector512.LessThan(squared, squaredReach) & Vector512.GreaterThan(squared, Vector512<double>.Zero); // At 0 there is no direction to push in.
            if (near == Vector512<double>.Zero) continue;
            var apart = Vector512.Sqrt(squared);
            var depth = Depth(Vector512.Create(distance) - apart, near);
            var push = Vector512.Create(ContactForce) * (Vector512.LoadAligned(p) - Vector512.LoadAligned(q)) / apart * depth & near;
            var pushUp = Vector512.Create(ContactForce) * (Vector512.LoadAligned(p + width) - Vector512.LoadAligned(q + width)) / apart * depth & near;
            if (f != null)
            {
                (Vector512.LoadAligned(f + copy) + push).StoreAligned(f + copy);
                (Vector512.LoadAligned(f + width + copy) + pushUp).StoreAligned(f + width + copy);
            }

            if (g == null) continue;
            (Vector512.LoadAligned(g + copy) - push).StoreAligned(g + copy);
            (Vector512.LoadAligned(g + width + copy) - pushUp).StoreAligned(g + width + copy);
        }
    }

    private bool Moves(int entity) => entity < Agents.Count && Agents[entity].Moves;

    /// <summary>
    /// A soft wall, margin · ln(1 + e^(overlap / margin)): the depth of penetration once the discs overlap, nearly nothing before.
    /// Only close to the edge does it differ from the overlap, and only there, in few lanes, the logarithm is taken.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Depth(Vector512<double> overlap, Vector512<double> near)
    {
        var margins = overlap / Vector512.Create(ContactMargin);
        var edge = Vector512.LessThan(margins, Vector512.Create(ContactReach)) & near;
        var bits = Vector512.ExtractMostSignificantBits(edge);
        if (bits != 0) margins = Softened(margins, bits);
        return margins * Vector512.Create(ContactMargin);
    }

    private static Vector512<double> Softened(Vector512<double> margins, ulong bits)
    {
        var lanes = stackalloc double[Lanes];
        margins.Store(lanes);
        for (; bits != 0; bits &= bits - 1)
        {
            var lane = System.Numerics.BitOperations.TrailingZeroCount(bits);
            lanes[lane] = DoubleMath.LogOnePlusExp(lanes[lane]);
        }

        return Vector512.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(double* position, double* velocity, double* force, int count)
    {
        for (var i = 0; i < count; i += Lanes)
        {
            var before = Vector512.LoadAligned(velocity + i);
            var after = Pushed(before, Vector512.LoadAligned(force + i));
            var moving = _integration == Integration.PositionFirst ? before : after;
            (Vector512.LoadAligned(position + i) + moving * TimeStep).StoreAligned(position + i);
            after.StoreAligned(velocity + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MoveCapped(double* position, double* velocity, double* force, double maxSpeed)
    {
        var width = State.Width;
        for (var i = 0; i < width; i += Lanes)
        {
            Vector512<double> x = Vector512.LoadAligned(velocity + i), y = Vector512.LoadAligned(velocity + width + i);
            Vector512<double> newX = Pushed(x, Vector512.LoadAligned(force + i)), newY = Pushed(y, Vector512.LoadAligned(force + width + i));
            var speed = Vector512.Sqrt(newX * newX + newY * newY);
            var fast = Vector512.GreaterThan(speed, Vector512.Create(maxSpeed));
            newX = Vector512.ConditionalSelect(fast, newX / speed * maxSpeed, newX);
            newY = Vector512.ConditionalSelect(fast, newY / speed * maxSpeed, newY);
            if (_integration == Integration.VelocityFirst) (x, y) = (newX, newY);
            (Vector512.LoadAligned(position + i) + x * TimeStep).StoreAligned(position + i);
            (Vector512.LoadAligned(position + width + i) + y * TimeStep).StoreAligned(position + width + i);
            newX.StoreAligned(velocity + i);
            newY.StoreAligned(velocity + width + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Pushed(Vector512<double> velocity, Vector512<double> force) => velocity * (1 - Damping) + force * TimeStep;
}
