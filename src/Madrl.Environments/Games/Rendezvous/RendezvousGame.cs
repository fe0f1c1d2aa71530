using Madrl.Environments.Drawing;
using Madrl.Environments.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Rendezvous;

/// <summary>
/// The Markov game ⟨S, {A_i}, P, {R_i}, γ⟩ with
/// S: the places p_i of N agents on the map [0, 10]², drawn uniformly;
/// A_i: [-1, 1]²; P: the agent moves by half of its action, which is shortened to length 1 if it is longer, but not beyond the border;
/// R_i = c T + (1 - c) u_i after the move, with the cooperation c. With d_ij = w_ij |p_i - p_j| / (N - 1), where w_ij is the hop discount
/// to the power of one less than the edges between i and j in the interaction graph, T is the mean over i of -Σ_j d_ij, and
/// u_i is -Σ_j d_ij. If there are evaders, the sum of u_i goes only over those of the other role, and u_i of an evader is +Σ_j d_ij;
/// γ is the learner's.
/// An agent observes its place and, relative to it, the places of the agents that it is joined with, in their order; 0 for the others.
/// Scripted players go to the middle of all. Where evading pays, evaders flee in the best of eight directions, and the others follow the nearest.
/// </summary>
internal sealed class RendezvousGame : ScalarGame
{
    private const double Side = 10;
    private const double Speed = 0.5;
    private const double HalfRoot = 0.7071067811865476; // Of 2.

    private static readonly PlanePoint[] _directions =
    [
        new(1, 0), new(HalfRoot, HalfRoot), new(0, 1), new(-HalfRoot, HalfRoot),
        new(-1, 0), new(-HalfRoot, -HalfRoot), new(0, -1), new(HalfRoot, -HalfRoot),
    ];

    private readonly RendezvousOptions _options;
    private readonly double[] _weights; // [N, N], w_ij / (N - 1).

    public RendezvousGame(RendezvousOptions options)
        : base(AgentSpec.Alike(options.Agents, 2 * options.Agents, new ActionSpace.Box(2, -1, 1)), options.EpisodeLimit)
    {
        if (options.Evaders >= options.Agents)
        {
            throw new ArgumentException(
                $"evaders={options.Evaders} leaves nobody to follow them: with agents={options.Agents} choose 0 to {options.Agents - 1}.");
        }

        _options = options;
        Places = new PlanePoint[options.Agents];
        _weights = new double[options.Agents * options.Agents];
        for (var first = 0; first < options.Agents; first++)
        {
            for (var second = 0; second < options.Agents; second++)
            {
                var weight = first == second ? 0 : 1.0 / (options.Agents - 1);
                for (var edge = 1; edge < Edges(first, second); edge++) weight *= options.HopDiscount;
                _weights[first * options.Agents + second] = weight;
            }
        }
    }

    /// <summary>The agents' places, for tests that set them.</summary>
    internal PlanePoint[] Places { get; }

    /// <summary>The places of all, from -1 to 1.</summary>
    public override int StateSize => 2 * Places.Length;

    /// <summary>
    /// Whether an evader gains by a greater distance d from one of the others: R_i then changes by ((1 - c) - 2 c / N) d, as T counts
    /// every pair twice.
    /// </summary>
    private bool EvadingPays => _options.Evaders > 0 && 1 - _options.Cooperation > 2 * _options.Cooperation / Places.Length;

    /// <inheritdoc/>
    public override void Begin(ref KeyedRandom random)
    {
        foreach (ref var place in Places.AsSpan()) place = PlanePoint.Uniform(ref random, 0, Side);
    }

    /// <inheritdoc/>
    public override bool Step(JointAction actions, Span<double> rewards)
    {
        for (var agent = 0; agent < Places.Length; agent++)
        {
            var action = actions[agent];
            Places[agent] = Moved(agent, new(action[0], action[1]));
        }

        var team = 0.0;
        for (var agent = 0; agent < Places.Length; agent++) team -= Distances(agent, Places[agent], onlyOtherRole: false) / Places.Length;
        for (var agent = 0; agent < Places.Length; agent++)
        {
            var own = Distances(agent, Places[agent], onlyOtherRole: _options.Evaders > 0);
            rewards[agent] = _options.Cooperation * team + (1 - _options.Cooperation) * (IsEvader(agent) ? own : -own);
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Observe(int agent, Span<float> observation)
    {
        observation = Scaled(Places[agent]).Write(observation);
        for (var other = 0; other < Places.Length; other++)
        {
            if (other == agent) continue;
            var way = (Places[other] - Places[agent]) * (1 / Side);
            observation = (Edges(agent, other) == 1 ? way : default).Write(observation);
        }
    }

    /// <inheritdoc/>
    public override void WriteState(Span<float> state)
    {
        foreach (var place in Places) state = Scaled(place).Write(state);
    }

    /// <inheritdoc/>
    public override void Play(int agent, Span<float> action)
    {
        var move = !EvadingPays ? Toward(agent, Middle()) : IsEvader(agent) ? Escape(agent) : Toward(agent, NearestEvader(agent));
        move.Write(action);
    }

    /// <inheritdoc/>
    public override Picture Draw()
    {
        const double margin = 0.5;
        return new(-margin, -margin, Side + 2 * margin, Side + 2 * margin,
        [
            .. PlaneMarks.Links(Places, (first, second) => Edges(first, second) == 1),
            .. Places.Select((place, agent) => new Mark(Form.Disc, IsEvader(agent) ? Ink.Adversary : Ink.Agent, place.X, place.Y, 0.25, $"{agent}")),
        ]);
    }

    private static PlanePoint Scaled(PlanePoint place) => new(place.X / (Side / 2) - 1, place.Y / (Side / 2) - 1);

    private bool IsEvader(int agent) => agent >= Places.Length - _options.Evaders;

    /// <summary>Edges on the shortest way between two agents.</summary>
    private int Edges(int first, int second)
    {
        var apart = Math.Abs(first - second);
        return _options.Graph switch
        {
            InteractionGraph.Complete => Math.Min(apart, 1),
            InteractionGraph.Ring => Math.Min(apart, _options.Agents - apart),
            InteractionGraph.Line => apart,
            _ => apart == 0 ? 0 : first == 0 || second == 0 ? 1 : 2, // The star.
        };
    }

    private PlanePoint Moved(int agent, PlanePoint action) => (Places[agent] + action.Shortened(1) * Speed).Within(0, Side);

    /// <summary>Σ_j d_ij, if agent i were at a place.</summary>
    private double Distances(int agent, PlanePoint place, bool onlyOtherRole)
    {
        var sum = 0.0;
        for (var other = 0; other < Places.Length; other++)
        {
            if (onlyOtherRole && IsEvader(agent) == IsEvader(other)) continue;
            sum += _weights[agent * Places.Length + other] * (place - Places[other]).Length;
        }

        return sum;
    }

    /// <summary>The action that leads to a place, or in its direction.</summary>
    private PlanePoint Toward(int agent, PlanePoint place) => ((place - Places[agent]) * (1 / Speed)).Shortened(1);

    private PlanePoint Middle()
    {
        PlanePoint sum = default;
        foreach (var place in Places) sum += place;
        return sum * (1.0 / Places.Length);
    }

    private PlanePoint NearestEvader(int agent) => Places[agent].NearestOf(Places.AsSpan(Places.Length - _options.Evaders));

    private PlanePoint Escape(int agent)
    {
        var (best, most) = (_directions[0], double.NegativeInfinity);
        foreach (var direction in _directions)
        {
            var distances = Distances(agent, Moved(agent, direction), onlyOtherRole: true);
            if (distances > most) (best, most) = (direction, distances);
        }

        return best;
    }
}
