using Madrl.Environments.Games.Rendezvous;
using Madrl.Environments.Tests.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Rendezvous;

internal sealed class PlainRendezvous : PlainGame
{
    private readonly int _agents;
    private readonly int _evaders;
    private readonly double _cooperation;
    private readonly double _discount;
    private readonly double[,] _edges;
    private readonly List<double[]> _places = [];

    public PlainRendezvous(RendezvousOptions options)
    {
        (_agents, _evaders, _cooperation, _discount) = (options.Agents, options.Evaders, options.Cooperation, options.HopDiscount);
        _edges = ShortestWays(_agents, options.Graph);
    }

    public override void Begin(KeyedRandom random)
    {
        for (var i = 0; i < _agents; i++) _places.Add([random.NextDouble(0, 10), random.NextDouble(0, 10)]);
    }

    public override double[] Step(double[][] actions)
    {
        for (var i = 0; i < _agents; i++)
        {
            var length = Math.Max(1, Math.Sqrt(actions[i][0] * actions[i][0] + actions[i][1] * actions[i][1]));
            for (var axis = 0; axis < 2; axis++)
                _places[i][axis] = Math.Max(0, Math.Min(10, _places[i][axis] + 0.5 * actions[i][axis] / length));
        }

        int[] all = [.. Enumerable.Range(0, _agents)];
        var team = all.Average(i => -all.Where(j => j != i).Sum(j => Weighted(i, j)));
        return [.. all.Select(i => _cooperation * team + (1 - _cooperation) * Own(i, all))];
    }

    public override double[] Observe(int agent)
    {
        List<double> seen = [_places[agent][0] / 5 - 1, _places[agent][1] / 5 - 1];
        for (var j = 0; j < _agents; j++)
        {
            if (j == agent) continue;
            for (var axis = 0; axis < 2; axis++) seen.Add(_edges[agent, j] == 1 ? (_places[j][axis] - _places[agent][axis]) / 10 : 0);
        }

        return [.. seen];
    }

    public override double[] State() => [.. _places.SelectMany(place => place).Select(coordinate => coordinate / 5 - 1)];

    private double Own(int i, int[] all)
    {
        if (_evaders == 0) return -all.Where(j => j != i).Sum(j => Weighted(i, j));
        var pursuers = all[..(_agents - _evaders)];
        return pursuers.Contains(i) ? -all.Except(pursuers).Sum(j => Weighted(i, j)) : pursuers.Sum(j => Weighted(i, j));
    }

    private double Weighted(int i, int j)
    {
        var distance = Math.Sqrt(Math.Pow(_places[i][0] - _places[j][0], 2) + Math.Pow(_places[i][1] - _places[j][1], 2));
        return Math.Pow(_discount, _edges[i, j] - 1) * distance / (_agents - 1);
    }

    /// <summary>Floyd and Warshall.</summary>
    private static double[,] ShortestWays(int agents, InteractionGraph graph)
    {
        var ways = new double[agents, agents];
        for (var i = 0; i < agents; i++)
        {
            for (var j = 0; j < agents; j++) ways[i, j] = i == j ? 0 : double.PositiveInfinity;
        }

        foreach (var (i, j) in Edges(agents, graph)) (ways[i, j], ways[j, i]) = (1, 1);
        for (var k = 0; k < agents; k++)
        {
            for (var i = 0; i < agents; i++)
            {
                for (var j = 0; j < agents; j++) ways[i, j] = Math.Min(ways[i, j], ways[i, k] + ways[k, j]);
            }
        }

        return ways;
    }

    private static IEnumerable<(int First, int Second)> Edges(int agents, InteractionGraph graph) => graph switch
    {
        InteractionGraph.Complete => from i in Enumerable.Range(0, agents) from j in Enumerable.Range(0, i) select (i, j),
        InteractionGraph.Ring => Enumerable.Range(0, agents).Select(i => (i, (i + 1) % agents)),
        InteractionGraph.Line => Enumerable.Range(0, agents - 1).Select(i => (i, i + 1)),
        InteractionGraph.Star => Enumerable.Range(1, agents - 1).Select(i => (0, i)),
        _ => throw new ArgumentOutOfRangeException(nameof(graph)),
    };
}
