using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Madrl.Environments.Games.Particles;

/// <summary>How the agents of particle games are steered.</summary>
public enum ParticleActions
{
    /// <summary>
    /// One of five moves (nothing, or a full push along one axis), for those who only speak one of the words, for those who do
    /// both one of the pairs: move + 5 · word.
    /// </summary>
    Discrete,

    /// <summary>Five numbers from 0 to 1, opposite pushes subtracted, then one per word (rules mpe2).</summary>
    Continuous,

    /// <summary>Shares of the five moves from 0 to 1, mixed, then of the words: probabilities, which nobody sums up (rules openai).</summary>
    Soft,
}

/// <summary>
/// Turns actions that were checked into the forces on an agent and into what it says, and back. Moves 1 to 4 push along -x, +x, -y,
/// +y by the rules mpe2 and along +x, -x, +y, -y by the rules openai; move 0 does nothing.
/// </summary>
internal sealed unsafe class ParticleSteering(ParticleScene scene, ParticleActions kind, bool openAI)
{
    private const int Moves = 5;

    private readonly double _sign = openAI ? 1 : -1;

    /// <summary>Whether numbers outside [0, 1] are clipped, as MPE2 does.</summary>
    public bool Clips => kind == ParticleActions.Continuous;

    /// <summary>Whether only a full push along one axis is possible.</summary>
    public bool IsDiscrete => kind == ParticleActions.Discrete;

    /// <summary>An agent's action space.</summary>
    public static ActionSpace Space(ParticleScene scene, int agent, ParticleActions kind)
    {
        var (moves, words) = Sizes(scene, agent);
        return kind == ParticleActions.Discrete
            ? new ActionSpace.Discrete(Math.Max(moves, 1) * Math.Max(words, 1))
            : new ActionSpace.Box(moves + words, 0, 1);
    }

    /// <summary>Sets an agent's force and words in a block.</summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="actions">The actions of the block's copies [copies, width of the agent's action space].</param>
    /// <param name="block">Row 0 of the block.</param>
    /// <param name="forces">Row 0 of the forces.</param>
    /// <param name="width">W.</param>
    public void Apply(int agent, ReadOnlySpan<float> actions, double* block, double* forces, int width)
    {
        double* force = forces + scene.Force(agent) * width, said = block + scene.Said(agent) * width;
        if (IsDiscrete)
        {
            var padded = stackalloc float[width];
            actions.CopyTo(new Span<float>(padded, width));
            new Span<float>(padded + actions.Length, width - actions.Length).Clear();
            Decode(agent, padded, force, said, width);
            return;
        }

        var (moves, words) = Sizes(scene, agent);
        for (var copy = 0; copy * (moves + words) < actions.Length; copy++)
        {
            var action = actions.Slice(copy * (moves + words), moves + words);
            if (moves > 0) Mix(action, scene.Agents[agent].Acceleration, force + copy, width);
            for (var word = 0; word < words; word++) said[word * width + copy] = Clip(action[moves + word]);
        }
    }

    /// <summary>Writes a scripted action.</summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="play">What it does; of pushes along both axes a discrete action heeds the greater alone.</param>
    /// <param name="action">Receives one action.</param>
    public void Write(int agent, ScriptedAction play, Span<float> action)
    {
        var (moves, words) = Sizes(scene, agent);
        if (IsDiscrete)
        {
            action[0] = (moves > 0 ? Nearest(play) : 0) + (words > 0 ? Math.Max(moves, 1) * play.Word : 0);
            return;
        }

        action.Clear();
        if (moves > 0) WriteMix(play, action);
        if (words > 0) action[moves + play.Word] = 1;
    }

    private static (int Moves, int Words) Sizes(ParticleScene scene, int agent) =>
        (scene.Agents[agent].Moves ? Moves : 0, scene.Agents[agent].Speaks ? scene.Words : 0);

    private void Decode(int agent, float* actions, double* force, double* said, int width)
    {
        var body = scene.Agents[agent];
        if (body.Speaks && body.Moves)
        {
            var words = stackalloc float[width];
            Split(actions, words, width);
            Say(words, said, width);
            Push(actions, force, width, _sign * body.Acceleration);
        }
        else if (body.Speaks) Say(actions, said, width);
        else if (body.Moves) Push(actions, force, width, _sign * body.Acceleration);
    }

    /// <summary>
    /// Takes move + 5 · word apart. Half a unit more keeps the quotient away from the whole numbers, where it might round wrongly.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Split(float* actions, float* words, int width)
    {
        for (var i = 0; i < width; i += CopyBlocks.Step)
        {
            var action = Vector512.Load(actions + i);
            var word = Vector512.Floor((action + Vector512.Create(0.5f)) * Vector512.Create(1f / Moves));
            word.Store(words + i);
            (action - word * Vector512.Create((float)Moves)).Store(actions + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Push(float* moves, double* force, int width, double push)
    {
        var full = Vector512.Create((float)push);
        for (var i = 0; i < width; i += CopyBlocks.Step)
        {
            var move = Vector512.Load(moves + i);
            Widen((full & Vector512.Equals(move, Vector512.Create(1f))) - (full & Vector512.Equals(move, Vector512.Create(2f))), force + i);
            Widen((full & Vector512.Equals(move, Vector512.Create(3f))) - (full & Vector512.Equals(move, Vector512.Create(4f))), force + width + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Say(float* words, double* said, int width)
    {
        for (var word = 0; word < scene.Words; word++)
        {
            for (var i = 0; i < width; i += CopyBlocks.Step)
                Widen(Vector512<float>.One & Vector512.Equals(Vector512.Load(words + i), Vector512.Create((float)word)), said + word * width + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector512<float> numbers, double* row)
    {
        var (low, high) = Vector512.Widen(numbers);
        low.StoreAligned(row);
        high.StoreAligned(row + CopyLanes.Count);
    }

    private void Mix(ReadOnlySpan<float> action, double acceleration, double* force, int width)
    {
        // MPE2 subtracts in single precision, OpenAI's program in double.
        force[0] = (openAI ? (double)action[1] - action[2] : Clip(action[2]) - Clip(action[1])) * acceleration;
        force[width] = (openAI ? (double)action[3] - action[4] : Clip(action[4]) - Clip(action[3])) * acceleration;
    }

    private static float Clip(float number) => Math.Clamp(number, 0, 1);

    private int Nearest(ScriptedAction play)
    {
        if (Math.Max(Math.Abs(play.X), Math.Abs(play.Y)) < 0.5) return 0;
        return Math.Abs(play.X) >= Math.Abs(play.Y) ? (_sign * play.X > 0 ? 1 : 2) : (_sign * play.Y > 0 ? 3 : 4);
    }

    /// <summary>Probabilities must sum to 1, so both axes share the whole; free numbers need not.</summary>
    private void WriteMix(ScriptedAction play, Span<float> action)
    {
        var (along, up) = (_sign * play.X, _sign * play.Y);
        var share = kind == ParticleActions.Soft ? 1 / Math.Max(1, Math.Abs(play.X) + Math.Abs(play.Y)) : 1;
        action[1] = (float)(Math.Max(along, 0) * share);
        action[2] = (float)(Math.Max(-along, 0) * share);
        action[3] = (float)(Math.Max(up, 0) * share);
        action[4] = (float)(Math.Max(-up, 0) * share);
        action[0] = Math.Max(0, 1 - action[1] - action[2] - action[3] - action[4]);
    }
}
