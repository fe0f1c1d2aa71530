using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Madrl.Environments.Games.Particles;

/// <summary>How the agents of particle games are steered.</summary>
public enum ParticleActions
{
    /// <summary>One of five moves (nothing, or a full push along one axis), one of the words, or one of their pairs: move + 5 · word.</summary>
    Discrete,

    /// <summary>Five numbers from 0 to 1, opposite pushes subtracted, then one per word (rules mpe2).</summary>
    Continuous,

    /// <summary>The probabilities of the five moves, mixed, then those of the words (rules openai).</summary>
    Soft,
}

/// <summary>
/// Turns actions that were checked into the forces on the agents and into what they say. Moves 1 to 4 push along -x, +x, -y, +y by
/// the rules mpe2 and along +x, -x, +y, -y by the rules openai; move 0 does nothing.
/// </summary>
internal sealed unsafe class ParticleSteering
{
    private const int Moves = 5;

    private readonly ParticleWorld _world;
    private readonly ParticleActions _kind;
    private readonly double _sign;

    public ParticleSteering(ParticleWorld world, ParticleActions kind, bool firstIsPositive)
    {
        (_world, _kind) = (world, kind);
        _sign = firstIsPositive ? 1 : -1;
    }

    /// <summary>Whether numbers outside [0, 1] are clipped, as MPE2 does.</summary>
    public bool Clips => _kind == ParticleActions.Continuous;

    /// <summary>An agent's action space.</summary>
    public static ActionSpace Space(ParticleAgent agent, int words, ParticleActions kind)
    {
        var (moves, said) = (agent.Moves ? Moves : 0, agent.Speaks ? words : 0);
        return kind == ParticleActions.Discrete
            ? new ActionSpace.Discrete(Math.Max(moves, 1) * Math.Max(said, 1))
            : new ActionSpace.Box(moves + said, 0, 1);
    }

    /// <summary>Sets an agent's force and words in a block.</summary>
    public void Apply(int agent, float[] actions, int first, int count, double* block)
    {
        var width = _world.State.Width;
        var force = block + _world.Force(agent) * width;
        var body = _world.Agents[agent];
        if (_kind == ParticleActions.Discrete && body.Moves && !body.Speaks)
        {
            var moves = stackalloc float[width];
            actions.AsSpan(first, count).CopyTo(new Span<float>(moves, count));
            new Span<float>(moves + count, width - count).Clear();
            Push(moves, force, width, _sign * body.Acceleration);
        }
        else throw new NotImplementedException();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Push(float* moves, double* force, int width, double push)
    {
        var full = Vector512.Create((float)push);
        for (var i = 0; i < width; i += CopyBlocks.Lanes)
        {
            var move = Vector512.Load(moves + i);
            var x = (full & Vector512.Equals(move, Vector512.Create(1f))) - (full & Vector512.Equals(move, Vector512.Create(2f)));
            var y = (full & Vector512.Equals(move, Vector512.Create(3f))) - (full & Vector512.Equals(move, Vector512.Create(4f)));
            var (low, high) = Vector512.Widen(x);
            low.StoreAligned(force + i);
            high.StoreAligned(force + i + 8);
            (low, high) = Vector512.Widen(y);
            low.StoreAligned(force + width + i);
            high.StoreAligned(force + width + i + 8);
        }
    }

    public void Write(int agent, double x, double y, int word, Span<float> action) => throw new NotImplementedException();
}
