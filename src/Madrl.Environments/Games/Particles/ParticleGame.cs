using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles;

/// <summary>A batch of copies of a <see cref="ParticleTask"/>. The global state is all observations one after another.</summary>
internal sealed unsafe class ParticleGame : BatchedGame
{
    private const double Sight = 1.5;

    private readonly ParticleTask _task;
    private readonly ParticleScene _scene;
    private readonly ParticleWorld _world;
    private readonly ParticleSteering _steering;
    private readonly ParticlePilot _pilot;
    private readonly Column[][] _observations;
    private readonly CopyBlocks _seen;
    private readonly CopyBlocks _rewards;
    private readonly AlignedBuffer _columns;

    /// <summary>Copies that have not begun.</summary>
    public ParticleGame(ParticleTask task, GameSpec spec, int copies, ParticleActions actions)
        : base(spec, copies)
    {
        (_task, _scene) = (task, task.Scene);
        var integration = task.OpenAI ? Integration.VelocityFirst : Integration.PositionFirst;
        _world = new ParticleWorld(_scene, copies, integration);
        _steering = new ParticleSteering(_scene, actions, task.OpenAI);
        _pilot = new ParticlePilot(_scene, integration, _steering.IsDiscrete);
        _observations = [.. Enumerable.Range(0, _scene.Agents.Length).Select(agent => task.Observation(agent).ToArray())];
        _seen = new CopyBlocks(_world.State.Width, _scene.SeenRows);
        _rewards = new CopyBlocks(_world.State.Width, _scene.Agents.Length);
        _columns = new AlignedBuffer(_observations.Max(columns => columns.Length) * _world.State.Width);
    }

    /// <summary>All numbers of all copies, for tests that set and inspect them.</summary>
    internal CopyBlocks State => _world.State;

    /// <summary>The forces of the next <see cref="Move"/>, for tests that set them.</summary>
    internal CopyBlocks Forces => _world.Forces;

    /// <summary>The task, for tests.</summary>
    internal ParticleTask Task => _task;

    /// <inheritdoc/>
    protected override bool ClipsActions => _steering.Clips;

    /// <inheritdoc/>
    protected override void Begin(int copy, ref KeyedRandom random)
    {
        var lane = State[copy];
        for (var row = _scene.Position(_scene.Entities); row < _scene.Rows; row++) lane[row] = 0;
        _task.Begin(lane, ref random);
        _task.Derive(State.LanesOf(copy));
    }

    /// <inheritdoc/>
    protected override void Advance(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated)
    {
        for (var block = 0; block < State.Count; block++)
        {
            var (first, count) = (block * State.Width, State.CopiesOf(block));
            for (var agent = 0; agent < actions.Length; agent++)
            {
                var size = Spec.Agents[agent].Actions.Width;
                _steering.Apply(agent, actions[agent].AsSpan(first * size, count * size), State.Block(block), Forces.Block(0), State.Width);
            }

            Move(block, rewards);
        }

        terminated.Clear();
    }

    /// <summary>One step of a block under the <see cref="Forces"/> and with the words that stand in it.</summary>
    /// <param name="block">Number of the block.</param>
    /// <param name="rewards">Receives the rewards of its copies [agents, K].</param>
    internal void Move(int block, Span<double> rewards)
    {
        var (width, count) = (State.Width, State.CopiesOf(block));
        double* numbers = State.Block(block), own = _rewards.Block(0);
        _world.Advance(numbers);
        for (var copy = 0; copy < count; copy += CopyLanes.Count) _task.Reward(new(numbers + copy, width), new(own + copy, width));
        for (var agent = 0; agent < _scene.Agents.Length; agent++)
            new ReadOnlySpan<double>(own + agent * width, count).CopyTo(rewards[(agent * Copies + block * width)..]);
    }

    /// <inheritdoc/>
    protected override void WriteObservations(int agent, Span<float> rows, int rowLength)
    {
        for (var block = 0; block < State.Count; block++)
        {
            See(block);
            WriteObservations(block, agent, rows, rowLength);
        }
    }

    /// <summary>Block after block, so that each comes from memory once.</summary>
    public override void ObserveAll(ReadOnlySpan<float[]> observations)
    {
        CheckObservations(observations);
        for (var block = 0; block < State.Count; block++)
        {
            See(block);
            for (var agent = 0; agent < observations.Length; agent++)
                WriteObservations(block, agent, observations[agent], Spec.Agents[agent].ObservationSize);
        }
    }

    /// <inheritdoc/>
    public override void WriteState(Span<float> states)
    {
        CheckStates(states);
        for (var block = 0; block < State.Count; block++)
        {
            See(block);
            var before = 0;
            for (var agent = 0; agent < Spec.Agents.Count; before += Spec.Agents[agent++].ObservationSize)
                WriteObservations(block, agent, states[before..], Spec.StateSize);
        }
    }

    private void See(int block)
    {
        if (_seen.Rows == 0) return;
        double* kept = State.Block(block), seen = _seen.Block(0);
        for (var copy = 0; copy < State.CopiesOf(block); copy += CopyLanes.Count)
            _task.See(new(kept + copy, State.Width), new(seen + copy, State.Width));
    }

    private void WriteObservations(int block, int agent, Span<float> rows, int rowLength)
    {
        var columns = _observations[agent];
        var seen = _seen.Block(0) - State.Rows * State.Width;
        Compute(columns, State.Block(block), seen, State.Rows, _columns.Pointer, State.Width);
        fixed (float* target = rows[(block * State.Width * rowLength)..])
            GradientKernel.ToRows(_columns.Pointer, State.Width, target, rowLength, State.CopiesOf(block), columns.Length);
    }

    /// <inheritdoc/>
    protected override void Play(int agent, Span<float> actions)
    {
        var width = Spec.Agents[agent].Actions.Width;
        for (var copy = 0; copy < Copies; copy++)
            _steering.Write(agent, _task.Play(State[copy], agent, _pilot), actions.Slice(copy * width, width));
    }

    /// <inheritdoc/>
    protected override Picture Paint(int copy)
    {
        var lane = State[copy];
        var goal = _task.Goal(lane);
        var landmarks = _scene.Landmarks.Select((landmark, index) => new Mark(
            Form.Disc, index == goal ? Ink.Highlight : landmark.Ink, lane[_scene.Place(index)], lane[_scene.Place(index) + 1], landmark.Radius));
        var agents = _scene.Agents.Select((agent, index) => new Mark(
            Form.Disc, agent.Adversary ? Ink.Adversary : Ink.Agent, lane[_scene.Position(index)], lane[_scene.Position(index) + 1], agent.Radius,
            Label(index, lane)));
        return new Picture(-Sight, -Sight, 2 * Sight, 2 * Sight, [.. landmarks, .. agents]);
    }

    /// <summary>An agent's number, and as a letter the word it says most.</summary>
    private string Label(int agent, CopyLane copy)
    {
        if (!_scene.Agents[agent].Speaks) return $"{agent}";
        var said = Enumerable.Range(0, _scene.Words).MaxBy(word => copy[_scene.Said(agent) + word]);
        return copy[_scene.Said(agent) + said] > 0 ? $"{agent}{(char)('a' + said)}" : $"{agent}";
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute(Column[] columns, double* block, double* seen, int kept, float* target, int width)
    {
        foreach (var column in columns)
        {
            double* plus = (column.Plus < kept ? block : seen) + column.Plus * width, minus = block + column.Minus * width;
            var shown = (column.Shown < kept ? block : seen) + column.Shown * width;
            for (var i = 0; i < width; i += CopyBlocks.Step)
            {
                var number = Vector512<float>.Zero;
                if (column.Minus >= 0)
                {
                    number = Vector512.Narrow(
                        Vector512.LoadAligned(plus + i) - Vector512.LoadAligned(minus + i),
                        Vector512.LoadAligned(plus + i + CopyLanes.Count) - Vector512.LoadAligned(minus + i + CopyLanes.Count));
                }
                else if (column.Plus >= 0) number = Narrowed(plus + i);

                if (column.Shown >= 0) number &= Vector512.GreaterThan(Narrowed(shown + i), Vector512<float>.Zero);
                number.Store(target + i);
            }

            target += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Narrowed(double* row) =>
        Vector512.Narrow(Vector512.LoadAligned(row), Vector512.LoadAligned(row + CopyLanes.Count));
}
