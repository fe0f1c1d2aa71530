using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles;

/// <summary>
/// The physics of the Multi-Particle Environments for K copies: discs of mass 1 that are pushed about the plane, slow down and
/// repel one another on contact, among landmarks that never move. Rules: reference <c>mpe/README.md</c>.
/// </summary>
internal sealed unsafe class ParticleWorld
{
    /// <summary>Seconds in a step.</summary>
    public const double TimeStep = 0.1;

    /// <summary>The share of its velocity that a particle keeps in a step.</summary>
    public const double Retained = 0.75;

    private const double ContactForce = 100;
    private const double ContactMargin = 0.001;

    // The force falls as exp(-gap / margin). Beyond this many margins it is below 1e-18, far below the rounding of any velocity
    // that matters, and within as many it is the depth of penetration to the last bit.
    private const double ContactReach = 40;

    private const int Lanes = CopyLanes.Count;

    private readonly ParticleScene _scene;
    private readonly Integration _integration;
    private readonly (int First, int Second, double Distance)[] _contacts;
    private readonly Reach[] _tooFast;

    /// <summary>A world at rest in the origin.</summary>
    /// <param name="scene">Who is in it.</param>
    /// <param name="copies">Copies, K, at least 1.</param>
    /// <param name="integration">Order of a step.</param>
    public ParticleWorld(ParticleScene scene, int copies, Integration integration)
    {
        (_scene, _integration) = (scene, integration);
        State = new CopyBlocks(copies, scene.Rows);
        Forces = new CopyBlocks(State.Width, scene.Force(scene.Agents.Length));
        _tooFast =
        [
            .. scene.Agents.Select(agent =>
                double.IsPositiveInfinity(agent.MaxSpeed) ? default : new Reach(Math.BitIncrement(agent.MaxSpeed))),
        ];
        _contacts =
        [
            .. from first in Enumerable.Range(0, scene.Agents.Length)
               from second in Enumerable.Range(first + 1, scene.Entities - first - 1)
               where scene.Collides(first) && scene.Collides(second) && (scene.Moves(first) || scene.Moves(second))
               select (first, second, scene.Radius(first) + scene.Radius(second)),
        ];
    }

    /// <summary>All numbers of all copies, in the rows that the scene says.</summary>
    public CopyBlocks State { get; }

    /// <summary>The forces on the agents of the block that moves next: one block, which serves all in turn.</summary>
    public CopyBlocks Forces { get; }

    /// <summary>Moves the copies of a block by one step under the <see cref="Forces"/> and those of the contacts, which are added to them.</summary>
    public void Advance(double* block)
    {
        var width = State.Width;
        foreach (var (first, second, distance) in _contacts) AddContacts(block, first, second, distance);
        for (var agent = 0; agent < _scene.Agents.Length; agent++)
        {
            if (!_scene.Moves(agent)) continue;
            double* position = block + _scene.Position(agent) * width, velocity = block + _scene.Velocity(agent) * width;
            var force = Forces.Block(0) + _scene.Force(agent) * width;
            if (double.IsPositiveInfinity(_scene.Agents[agent].MaxSpeed)) Move(position, velocity, force, 2 * width);
            else MoveCapped(position, velocity, force, _scene.Agents[agent].MaxSpeed, _tooFast[agent]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddContacts(double* block, int first, int second, double distance)
    {
        var width = State.Width;
        double* p = block + _scene.Position(first) * width, q = block + _scene.Position(second) * width;
        double* f = _scene.Moves(first) ? Forces.Block(0) + _scene.Force(first) * width : null;
        double* g = _scene.Moves(second) ? Forces.Block(0) + _scene.Force(second) * width : null;
        var reach = distance + ContactReach * ContactMargin;
        var squaredReach = Vector512.Create(reach * reach);
        for (var copy = 0; copy < width; copy += Lanes, p += Lanes, q += Lanes)
        {
            Vector512<double> x = Vector512.LoadAligned(p) - Vector512.LoadAligned(q);
            Vector512<double> y = Vector512.LoadAligned(p + width) - Vector512.LoadAligned(q + width);
            var squared = x * x + y * y;

            // At 0 there is no direction to push in.
            var near = Vector512.LessThan(squared, squaredReach) & Vector512.GreaterThan(squared, Vector512<double>.Zero);
            if (near == Vector512<double>.Zero) continue;
            var apart = Vector512.Sqrt(squared);
            var depth = Depth(Vector512.Create(distance) - apart, near);
            var push = Vector512.Create(ContactForce) * x / apart * depth & near;
            var pushUp = Vector512.Create(ContactForce) * y / apart * depth & near;
            if (f != null) Add(f + copy, width, push, pushUp);
            if (g != null) Add(g + copy, width, -push, -pushUp);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* force, int width, Vector512<double> x, Vector512<double> y)
    {
        (Vector512.LoadAligned(force) + x).StoreAligned(force);
        (Vector512.LoadAligned(force + width) + y).StoreAligned(force + width);
    }

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
            var lane = BitOperations.TrailingZeroCount(bits);
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
    private void MoveCapped(double* position, double* velocity, double* force, double maxSpeed, Reach tooFast)
    {
        var width = State.Width;
        for (var i = 0; i < width; i += Lanes)
        {
            Vector512<double> x = Vector512.LoadAligned(velocity + i), y = Vector512.LoadAligned(velocity + width + i);
            Vector512<double> newX = Pushed(x, Vector512.LoadAligned(force + i)), newY = Pushed(y, Vector512.LoadAligned(force + width + i));
            var squared = newX * newX + newY * newY;
            var fast = Vector512.GreaterThanOrEqual(squared, Vector512.Create(tooFast.Square));
            if (fast != Vector512<double>.Zero)
            {
                var speed = Vector512.Sqrt(squared);
                newX = Vector512.ConditionalSelect(fast, newX / speed * maxSpeed, newX);
                newY = Vector512.ConditionalSelect(fast, newY / speed * maxSpeed, newY);
            }

            if (_integration == Integration.VelocityFirst) (x, y) = (newX, newY);
            (Vector512.LoadAligned(position + i) + x * TimeStep).StoreAligned(position + i);
            (Vector512.LoadAligned(position + width + i) + y * TimeStep).StoreAligned(position + width + i);
            newX.StoreAligned(velocity + i);
            newY.StoreAligned(velocity + width + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Pushed(Vector512<double> velocity, Vector512<double> force) => velocity * Retained + force * TimeStep;
}
