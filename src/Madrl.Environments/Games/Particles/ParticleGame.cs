using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles;

/// <summary>A batch of copies of a <see cref="ParticleTask"/>.</summary>
internal sealed unsafe class ParticleGame : BatchedGame
{
    private const int Lanes = CopyBlocks.Lanes;

    private readonly ParticleTask _task;
    private readonly ParticleSteering _steering;
    private readonly Column[][] _observations;
    private readonly CopyBlocks _rewards;
    private readonly AlignedBuffer _columns;

    /// <summary>Copies at rest in the origin.</summary>
    public ParticleGame(ParticleTask task, int copies, string rules, ParticleActions actions, int episodeLimit)
        : this(task, copies, rules, new ParticleWorld(
            copies, task.Agents, task.Landmarks, task.Words, task.ExtraRows, rules == "openai" ? Integration.VelocityFirst : Integration.PositionFirst),
            actions, episodeLimit)
    {
    }

    private ParticleGame(ParticleTask task, int copies, string rules, ParticleWorld world, ParticleActions actions, int episodeLimit)
        : this(task, copies, rules, world, [.. Enumerable.Range(0, task.Agents.Count).Select(agent => task.Observation(world, agent).ToArray())], actions, episodeLimit)
    {
    }

    private ParticleGame(ParticleTask task, int copies, string rules, ParticleWorld world, Column[][] observations, ParticleActions actions, int episodeLimit)
        : base(new GameSpec(
            task.Name, rules,
            [.. task.Agents.Select((agent, index) => new AgentSpec(agent.Name, observations[index].Length, ParticleSteering.Space(agent, world.Words, actions)))],
            observations.Sum(columns => columns.Length), episodeLimit, task.ReturnScale), copies)
    {
        (_task, World, _observations) = (task, world, observations);
        _steering = new ParticleSteering(world, actions, firstIsPositive: rules == "openai");
        _rewards = new CopyBlocks(World.State.Width, task.Agents.Count);
        _columns = new AlignedBuffer(observations.Max(columns => columns.Length) * World.State.Width);
    }

    /// <summary>The physics, for tests that set and inspect them.</summary>
    internal ParticleWorld World { get; }

    /// <inheritdoc/>
    protected override bool ClipsActions => _steering.Clips;

    /// <inheritdoc/>
    protected override void Begin(int copy, ref KeyedRandom random)
    {
        for (var row = 2 * World.EntityCount; row < World.State.Rows; row++) World.State[row, copy] = 0;
        _task.Begin(World, copy, ref random);
    }

    /// <inheritdoc/>
    protected override void Advance(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated)
    {
        var state = World.State;
        for (var block = 0; block < state.Count; block++)
        {
            var numbers = state.Block(block);
            var (first, count) = (block * state.Width, state.CopiesOf(block));
            for (var agent = 0; agent < actions.Length; agent++) _steering.Apply(agent, actions[agent], first, count, numbers);
            World.Advance(numbers);
            var own = _rewards.Block(0);
            _task.Reward(World, numbers, own);
            for (var agent = 0; agent < actions.Length; agent++)
                new ReadOnlySpan<double>(own + agent * state.Width, count).CopyTo(rewards[(agent * Copies + first)..]);
        }

        terminated.Clear();
    }

    /// <inheritdoc/>
    protected override void WriteObservations(int agent, Span<float> rows, int rowLength)
    {
        var state = World.State;
        var columns = _observations[agent];
        fixed (float* target = rows)
        {
            for (var block = 0; block < state.Count; block++)
            {
                var count = state.CopiesOf(block);
                Compute(columns, state.Block(block), _columns.Pointer, state.Width);
                GradientKernel.ToRows(_columns.Pointer, state.Width, target + (nint)block * state.Width * rowLength, rowLength, count, columns.Length);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute(Column[] columns, double* block, float* target, int width)
    {
        foreach (var column in columns)
        {
            double* plus = block + column.Plus * width, minus = block + column.Minus * width;
            if (column.Plus < 0) new Span<float>(target, width).Clear();
            else if (column.Minus < 0)
            {
                for (var i = 0; i < width; i += Lanes)
                    Vector512.Narrow(Vector512.LoadAligned(plus + i), Vector512.LoadAligned(plus + i + 8)).Store(target + i);
            }
            else
            {
                for (var i = 0; i < width; i += Lanes)
                {
                    Vector512.Narrow(
                        Vector512.LoadAligned(plus + i) - Vector512.LoadAligned(minus + i),
                        Vector512.LoadAligned(plus + i + 8) - Vector512.LoadAligned(minus + i + 8)).Store(target + i);
                }
            }

            if (column.Shown >= 0)
            {
                var shown = block + column.Shown * width;
                for (var i = 0; i < width; i++) target[i] = shown[i] > 0 ? target[i] : 0;
            }

            target += width;
        }
    }

    /// <inheritdoc/>
    protected override void Play(int agent, Span<float> actions)
    {
        var width = Spec.Agents[agent].Actions.Width;
        for (var copy = 0; copy < Copies; copy++)
        {
            var (x, y, word) = _task.Play(World, agent, copy);
            _steering.Write(agent, x, y, word, actions.Slice(copy * width, width));
        }
    }

    /// <inheritdoc/>
    protected override Picture Paint(int copy) => throw new NotImplementedException();
}
