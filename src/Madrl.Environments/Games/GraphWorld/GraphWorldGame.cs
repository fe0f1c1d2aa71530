using Madrl.Environments.Drawing;
using Madrl.Environments.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Games.GraphWorld;

/// <summary>
/// The Markov game ⟨S, {A_i}, P, {R_i}, γ⟩ with
/// S: the places p_i of the agents and g_m of the targets in the square [-1, 1]², all drawn uniformly, or the origin as the only target;
/// A_i: a move of 0.1 to the right, to the left, up or down;
/// P: the agent moves, but not beyond the square's border; targets stay;
/// R_i = -min_m |p_i - g_m|², after the move; γ is the learner's.
/// Two agents are linked if at most the radius lies between them; an agent sees a target that is no further away.
/// An agent observes its place and the graph of its neighbourhood, N nodes: itself, then its nearest neighbours. After the place [2]
/// come the nodes' features [N, 5] (place relative to the observer, way from the node to the nearest target that it sees, whether it sees
/// one), which nodes are present [N], and the adjacency [N, N] with 1 on the diagonal. What is absent is 0.
/// The scripted player sees all targets and goes to the nearest.
/// </summary>
internal sealed class GraphWorldGame : ScalarGame
{
    private const double Edge = 1;
    private const int Features = 5;

    private static readonly PlanePoint[] _moves = [new(0.1, 0), new(-0.1, 0), new(0, 0.1), new(0, -0.1)];

    private readonly int _neighbours;
    private readonly int _targets;
    private readonly double _squaredRadius;
    private readonly PlanePoint[] _goals;

    public GraphWorldGame(GraphWorldOptions options)
        : base(
            AgentSpec.Alike(options.Agents, ObservationSize(1 + options.Neighbours), new ActionSpace.Discrete(_moves.Length)),
            options.EpisodeLimit)
    {
        (_neighbours, _targets, _squaredRadius) = (options.Neighbours, options.Targets, options.Radius * options.Radius);
        Places = new PlanePoint[options.Agents];
        _goals = new PlanePoint[Math.Max(1, options.Targets)];
    }

    /// <summary>The agents' places, for tests that set them.</summary>
    internal PlanePoint[] Places { get; }

    /// <summary>Places of the agents, then of the targets.</summary>
    public override int StateSize => 2 * (Places.Length + _targets);

    /// <inheritdoc/>
    public override void Begin(ref KeyedRandom random)
    {
        foreach (ref var place in Places.AsSpan()) place = PlanePoint.Uniform(ref random, -Edge, Edge);
        foreach (ref var goal in _goals.AsSpan(0, _targets)) goal = PlanePoint.Uniform(ref random, -Edge, Edge);
    }

    /// <inheritdoc/>
    public override bool Step(JointAction actions, Span<double> rewards)
    {
        for (var agent = 0; agent < Places.Length; agent++)
        {
            Places[agent] = (Places[agent] + _moves[actions.Choice(agent)]).Within(-Edge, Edge);
            rewards[agent] = -Way(agent).Squared;
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Observe(int agent, Span<float> observation)
    {
        var capacity = 1 + _neighbours;
        var nodes = Neighbourhood(agent, stackalloc int[capacity], stackalloc double[_neighbours]);
        var features = Places[agent].Write(observation);
        var present = features[(Features * capacity)..];
        var adjacency = present[capacity..];
        for (var node = 0; node < nodes.Length; node++)
        {
            WriteNode(agent, nodes[node], features[(Features * node)..]);
            present[node] = 1;
            for (var other = 0; other < nodes.Length; other++)
                adjacency[node * capacity + other] = node == other || AreLinked(nodes[node], nodes[other]) ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    public override void WriteState(Span<float> state)
    {
        foreach (var place in Places) state = place.Write(state);
        foreach (var goal in _goals.AsSpan(0, _targets)) state = goal.Write(state);
    }

    /// <inheritdoc/>
    public override void Play(int agent, Span<float> action)
    {
        var way = Way(agent);
        var isSideways = Math.Abs(way.X) >= Math.Abs(way.Y);
        action[0] = isSideways ? (way.X > 0 ? 0 : 1) : (way.Y > 0 ? 2 : 3);
    }

    /// <inheritdoc/>
    public override Picture Draw()
    {
        const double margin = 0.1;
        return new(-Edge - margin, -Edge - margin, 2 * (Edge + margin), 2 * (Edge + margin),
        [
            .. PlaneMarks.Links(Places, AreLinked),
            .. _goals.Select(goal => new Mark(Form.Square, Ink.Target, goal.X, goal.Y, 0.04)),
            .. Places.Select((place, agent) => new Mark(Form.Disc, Ink.Agent, place.X, place.Y, 0.05, $"{agent}")),
        ]);
    }

    private static int ObservationSize(int nodes) => 2 + Features * nodes + nodes + nodes * nodes;

    private bool AreLinked(int first, int second) => (Places[first] - Places[second]).Squared <= _squaredRadius;

    /// <summary>The way to the nearest target.</summary>
    private PlanePoint Way(int agent) => Places[agent].NearestOf(_goals) - Places[agent];

    private void WriteNode(int observer, int node, Span<float> features)
    {
        var rest = (Places[node] - Places[observer]).Write(features);
        var way = Way(node);
        if (way.Squared > _squaredRadius) return;
        rest = way.Write(rest);
        rest[0] = 1;
    }

    /// <summary>An agent, then those linked with it, the nearest first and of equally near ones the first; as many as there is room for.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="nodes">Room for it and its neighbours.</param>
    /// <param name="distances">Room for the neighbours'.</param>
    private ReadOnlySpan<int> Neighbourhood(int agent, Span<int> nodes, Span<double> distances)
    {
        nodes[0] = agent;
        var nearest = new NearestFew(nodes[1..], distances);
        for (var other = 0; other < Places.Length; other++)
        {
            if (other != agent && AreLinked(agent, other)) nearest.Add(other, (Places[other] - Places[agent]).Squared);
        }

        return nodes[..(1 + nearest.Indices.Length)];
    }
}
