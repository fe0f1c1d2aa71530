using System.Numerics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.SimpleSpread;

/// <summary>
/// N agents share out N landmarks: the nearer every landmark's nearest agent, the better, and collisions cost.
/// An agent observes its velocity and position, then relative to itself the landmarks and the other agents, then the
/// others' messages, which are always zero here. The global state is all observations one after another.
/// Rules mpe2 (Farama, MPE2) and openai (multiagent-particle-envs) differ in the order of a physics step, in the
/// numbering of the actions and in the reward. Continuous actions outside [0, 1] are clipped, as the rules say.
/// </summary>
public sealed class SimpleSpreadGame : IMarkovGame
{
    private const double AgentRadius = 0.15;
    private const double CollisionDistance = 2 * AgentRadius;

    private readonly bool _openAI;
    private readonly int _agents;
    private readonly double _localRatio;
    private readonly ParticleWorld _world;
    private readonly SpreadSteering _steering;
    private readonly SpreadPlayer _player;
    private readonly double[] _collisions;
    private readonly double[] _rewards;

    internal SimpleSpreadGame(int copies, string rules, SimpleSpreadOptions options)
    {
        _openAI = rules == SimpleSpreadDefinition.OpenAI;
        _agents = options.Agents;
        _localRatio = options.LocalRatio;
        _world = new ParticleWorld(
            copies, _agents, _agents, AgentRadius, _openAI ? Integration.VelocityFirst : Integration.PositionFirst);
        _steering = new SpreadSteering(_world, options.Actions, firstIsPositive: _openAI);
        _player = new SpreadPlayer(_world, positionFirst: !_openAI);
        _collisions = new double[_agents * _world.Stride];
        _rewards = new double[_agents * _world.Stride];

        var observation = 4 + 2 * _agents + 4 * (_agents - 1);
        var agents = Enumerable.Range(0, _agents).Select(i => new AgentSpec($"agent_{i}", observation, _steering.Space));
        var scale = $"sum over the {_agents} agents" + (_openAI ? ", each of whom receives the sum of all" : "");
        Spec = new GameSpec("simple-spread", rules, [.. agents], _agents * observation, options.EpisodeLimit, scale);
    }

    /// <inheritdoc/>
    public GameSpec Spec { get; }

    /// <inheritdoc/>
    public int Copies => _world.Copies;

    /// <summary>Positions, velocities and forces, for tests that set and inspect them.</summary>
    internal ParticleWorld World => _world;

    /// <inheritdoc/>
    public void Reset(int copy, KeyedRandom random)
    {
        CheckCopy(copy);
        for (var entity = 0; entity < 2 * _agents; entity++)
        {
            _world.X[entity * _world.Stride + copy] = random.NextDouble(-1, 1);
            _world.Y[entity * _world.Stride + copy] = random.NextDouble(-1, 1);
        }

        for (var agent = 0; agent < _agents; agent++)
        {
            _world.VelocityX[agent * _world.Stride + copy] = 0;
            _world.VelocityY[agent * _world.Stride + copy] = 0;
        }

        _player.Forget(copy);
    }

    /// <summary>Starts an episode from a given state.</summary>
    /// <param name="copy">Index within the batch.</param>
    /// <param name="positions">Positions of the agents, then of the landmarks [2 N, 2].</param>
    /// <param name="velocities">Velocities of the agents [N, 2].</param>
    internal void SetState(int copy, ReadOnlySpan<double> positions, ReadOnlySpan<double> velocities)
    {
        CheckCopy(copy);
        for (var entity = 0; entity < 2 * _agents; entity++)
        {
            _world.X[entity * _world.Stride + copy] = positions[2 * entity];
            _world.Y[entity * _world.Stride + copy] = positions[2 * entity + 1];
        }

        for (var agent = 0; agent < _agents; agent++)
        {
            _world.VelocityX[agent * _world.Stride + copy] = velocities[2 * agent];
            _world.VelocityY[agent * _world.Stride + copy] = velocities[2 * agent + 1];
        }

        _player.Forget(copy);
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated)
    {
        if (rewards.Length != _agents * Copies)
            throw new ArgumentException($"Rewards need {_agents} agents x {Copies} copies numbers.", nameof(rewards));
        if (terminated.Length != Copies) throw new ArgumentException($"Terminations need {Copies} flags.", nameof(terminated));
        _steering.Apply(actions);
        Advance(rewards);
        terminated.Clear();
    }

    /// <summary>One step under the forces that stand in <see cref="World"/>.</summary>
    internal void Advance(Span<double> rewards)
    {
        _world.Advance();
        CountCollisions();
        if (_openAI) WriteSharedRewards();
        else WriteMixedRewards();
        for (var agent = 0; agent < _agents; agent++)
            _rewards.AsSpan(agent * _world.Stride, Copies).CopyTo(rewards[(agent * Copies)..]);
    }

    /// <inheritdoc/>
    public void Observe(int agent, Span<float> observations)
    {
        CheckAgent(agent);
        var size = Spec.Agents[agent].ObservationSize;
        if (observations.Length != Copies * size)
            throw new ArgumentException($"Observations need {Copies} copies x {size} numbers.", nameof(observations));
        WriteObservations(agent, observations, size);
    }

    /// <inheritdoc/>
    public void WriteState(Span<float> states)
    {
        if (states.Length != Copies * Spec.StateSize)
            throw new ArgumentException($"States need {Copies} copies x {Spec.StateSize} numbers.", nameof(states));
        var size = Spec.StateSize / _agents;
        for (var agent = 0; agent < _agents; agent++) WriteObservations(agent, states[(agent * size)..], Spec.StateSize);
    }

    /// <inheritdoc/>
    public Madrl.Environments.Drawing.Picture Draw(int copy) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void ActScripted(int agent, Span<float> actions)
    {
        CheckAgent(agent);
        var width = Spec.Agents[agent].Actions.Width;
        if (actions.Length != Copies * width)
            throw new ArgumentException($"Actions need {Copies} copies x {width} numbers.", nameof(actions));
        for (var copy = 0; copy < Copies; copy++)
        {
            var (x, y) = _player.Push(agent, copy, discrete: Spec.Agents[agent].Actions is ActionSpace.Discrete);
            _steering.Write(x, y, actions.Slice(copy * width, width));
        }
    }

    /// <summary>How many others each agent touches.</summary>
    private void CountCollisions()
    {
        Array.Clear(_collisions);
        var distance = new Vector<double>(CollisionDistance);
        for (var first = 0; first < _agents * _world.Stride; first += _world.Stride)
        {
            for (var second = first + _world.Stride; second < _agents * _world.Stride; second += _world.Stride)
            {
                for (var copy = 0; copy < Copies; copy += Vector<double>.Count)
                {
                    var apart = Vector.SquareRoot(_world.SquaredDistances(first, second, copy));
                    var touching = Vector.LessThan(apart, distance);
                    if (touching == Vector<long>.Zero) continue;
                    var one = Vector.ConditionalSelect(touching, Vector<double>.One, Vector<double>.Zero);
                    (new Vector<double>(_collisions, first + copy) + one).CopyTo(_collisions, first + copy);
                    (new Vector<double>(_collisions, second + copy) + one).CopyTo(_collisions, second + copy);
                }
            }
        }
    }

    /// <summary>Rules mpe2: every agent gets the coverage and its own collisions, weighted.</summary>
    private void WriteMixedRewards()
    {
        for (var copy = 0; copy < Copies; copy += Vector<double>.Count)
        {
            var shared = Coverage(copy) * (1 - _localRatio);
            for (var i = copy; i < _rewards.Length; i += _world.Stride)
                (shared - new Vector<double>(_collisions, i) * _localRatio).CopyTo(_rewards, i);
        }
    }

    /// <summary>Rules openai: every agent gets the sum over agents of coverage less collisions, itself counted as one.</summary>
    private void WriteSharedRewards()
    {
        for (var copy = 0; copy < Copies; copy += Vector<double>.Count)
        {
            var coverage = Coverage(copy);
            var sum = Vector<double>.Zero;
            for (var i = copy; i < _rewards.Length; i += _world.Stride)
                sum += coverage - (new Vector<double>(_collisions, i) + Vector<double>.One);
            for (var i = copy; i < _rewards.Length; i += _world.Stride) sum.CopyTo(_rewards, i);
        }
    }

    /// <summary>Minus the sum over landmarks of the distance of the nearest agent.</summary>
    private Vector<double> Coverage(int copy)
    {
        var stride = _world.Stride;
        var sum = Vector<double>.Zero;
        for (var landmark = _agents * stride; landmark < 2 * _agents * stride; landmark += stride)
        {
            // The root is monotone: the root of the least square is the least distance, to the bit.
            var least = _world.SquaredDistances(0, landmark, copy);
            for (var agent = stride; agent < _agents * stride; agent += stride)
                least = Vector.Min(least, _world.SquaredDistances(agent, landmark, copy));
            sum -= Vector.SquareRoot(least);
        }

        return sum;
    }

    /// <summary>Writes an agent's observations column by column.</summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="rows">Receives the observation of copy k from k * <paramref name="rowLength"/> on.</param>
    /// <param name="rowLength">Distance from one copy's observation to the next.</param>
    private void WriteObservations(int agent, Span<float> rows, int rowLength)
    {
        var own = agent * _world.Stride;
        for (var copy = 0; copy < Copies; copy++)
        {
            var row = rows.Slice(copy * rowLength, 4);
            row[0] = (float)_world.VelocityX[own + copy];
            row[1] = (float)_world.VelocityY[own + copy];
            row[2] = (float)_world.X[own + copy];
            row[3] = (float)_world.Y[own + copy];
        }

        var column = 4;
        for (var landmark = _agents; landmark < 2 * _agents; landmark++, column += 2)
            WriteRelative(landmark * _world.Stride, own, rows[column..], rowLength);
        for (var other = 0; other < _agents; other++)
        {
            if (other == agent) continue;
            WriteRelative(other * _world.Stride, own, rows[column..], rowLength);
            column += 2;
        }

        var messages = 2 * (_agents - 1);
        for (var copy = 0; copy < Copies; copy++) rows.Slice(copy * rowLength + column, messages).Clear();
    }

    private void WriteRelative(int entity, int own, Span<float> rows, int rowLength)
    {
        for (int copy = 0, i = 0; copy < Copies; copy++, i += rowLength)
        {
            rows[i] = (float)(_world.X[entity + copy] - _world.X[own + copy]);
            rows[i + 1] = (float)(_world.Y[entity + copy] - _world.Y[own + copy]);
        }
    }

    private void CheckCopy(int copy)
    {
        if ((uint)copy >= (uint)Copies)
            throw new ArgumentOutOfRangeException(nameof(copy), copy, $"A copy's index must lie in [0, {Copies}).");
    }

    private void CheckAgent(int agent)
    {
        if ((uint)agent >= (uint)_agents)
            throw new ArgumentOutOfRangeException(nameof(agent), agent, $"An agent's index must lie in [0, {_agents}).");
    }
}
