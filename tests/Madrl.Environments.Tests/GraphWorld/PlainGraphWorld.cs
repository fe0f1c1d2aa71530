using Madrl.Environments.Tests.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.GraphWorld;

internal sealed class PlainGraphWorld(int agents, double radius, int targets, int neighbours) : PlainGame
{
    private readonly List<double[]> _agents = [];
    private readonly List<double[]> _goals = [];

    public override void Begin(KeyedRandom random)
    {
        for (var i = 0; i < agents; i++) _agents.Add([random.NextDouble(-1, 1), random.NextDouble(-1, 1)]);
        for (var i = 0; i < targets; i++) _goals.Add([random.NextDouble(-1, 1), random.NextDouble(-1, 1)]);
        if (targets == 0) _goals.Add([0, 0]);
    }

    public override double[] Step(double[][] actions)
    {
        for (var i = 0; i < agents; i++)
        {
            if (actions[i][0] == 0) _agents[i][0] = Math.Min(1, _agents[i][0] + 0.1);
            if (actions[i][0] == 1) _agents[i][0] = Math.Max(-1, _agents[i][0] - 0.1);
            if (actions[i][0] == 2) _agents[i][1] = Math.Min(1, _agents[i][1] + 0.1);
            if (actions[i][0] == 3) _agents[i][1] = Math.Max(-1, _agents[i][1] - 0.1);
        }

        return [.. _agents.Select(place => -_goals.Min(goal => Math.Pow(Distance(place, goal), 2)))];
    }

    public override double[] Observe(int agent)
    {
        var nodes = Enumerable.Range(0, agents)
            .Where(other => other != agent && Distance(_agents[other], _agents[agent]) <= radius)
            .OrderBy(other => Distance(_agents[other], _agents[agent])).ThenBy(other => other)
            .Take(neighbours).Prepend(agent).ToList();
        var size = neighbours + 1;
        var (features, present, adjacency) = (new double[size, 5], new double[size], new double[size, size]);
        for (var row = 0; row < nodes.Count; row++)
        {
            var place = _agents[nodes[row]];
            var goal = _goals.MinBy(goal => Distance(place, goal))!;
            var isSeen = Distance(place, goal) <= radius;
            double[] numbers =
            [
                place[0] - _agents[agent][0], place[1] - _agents[agent][1],
                isSeen ? goal[0] - place[0] : 0, isSeen ? goal[1] - place[1] : 0, isSeen ? 1 : 0,
            ];
            for (var i = 0; i < 5; i++) features[row, i] = numbers[i];
            present[row] = 1;
            for (var column = 0; column < nodes.Count; column++)
                adjacency[row, column] = row == column || Distance(place, _agents[nodes[column]]) <= radius ? 1 : 0;
        }

        return [.. _agents[agent], .. features.Cast<double>(), .. present, .. adjacency.Cast<double>()];
    }

    public override double[] State() => [.. _agents.Concat(targets == 0 ? [] : _goals).SelectMany(place => place)];

    private static double Distance(double[] from, double[] to) => Math.Sqrt(Math.Pow(from[0] - to[0], 2) + Math.Pow(from[1] - to[1], 2));
}
