using Madrl.Environments.Tests.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.TargetReach;

internal sealed class PlainTargetReach(int level) : PlainGame
{
    private readonly double[][] _targets = [[0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]];
    private readonly double[][] _places = [new double[2], new double[2], new double[2], new double[2]];
    private readonly double[][] _velocities = [new double[2], new double[2], new double[2], new double[2]];

    public override void Begin(KeyedRandom random)
    {
        foreach (var place in _places)
        {
            place[0] = random.NextDouble(-1, 1);
            place[1] = random.NextDouble(-1, 1);
        }
    }

    public override double[] Step(double[][] actions)
    {
        for (var i = 0; i < 4; i++)
        {
            for (var axis = 0; axis < 2; axis++)
            {
                _velocities[i][axis] = 0.75 * _velocities[i][axis] + 0.5 * (actions[i][2 * axis] - actions[i][2 * axis + 1]);
                _places[i][axis] += 0.1 * _velocities[i][axis];
                if (_places[i][axis] is <= 1.5 and >= -1.5) continue;
                _places[i][axis] = 1.5 * Math.Sign(_places[i][axis]);
                _velocities[i][axis] = 0;
            }
        }

        double[] own = [.. Enumerable.Range(0, 4).Select(i =>
            -Distance(_places[i], _targets[i]) - 0.05 * actions[i].Sum(push => push * push)
            - Enumerable.Range(0, 4).Count(j => j != i && Distance(_places[i], _places[j]) < 0.2))];
        var cooperation = new[] { 0, 0.2, 0.4, 0.6, 0.8 }[level - 1];
        return [.. own.Select(reward => (1 - cooperation) * reward + cooperation * own.Average())];
    }

    public override double[] Observe(int agent)
    {
        List<double> seen =
        [
            _places[agent][0] - _targets[agent][0], _places[agent][1] - _targets[agent][1], .. _velocities[agent],
        ];
        foreach (var other in new[] { (agent + 1) % 4, (agent + 2) % 4, (agent + 3) % 4 })
        {
            seen.Add(_places[other][0] - _places[agent][0]);
            seen.Add(_places[other][1] - _places[agent][1]);
            seen.AddRange(_velocities[other]);
        }

        return [.. seen];
    }

    public override double[] State() => [.. _places.Zip(_velocities).SelectMany(pair => pair.First.Concat(pair.Second))];

    private static double Distance(double[] from, double[] to) => Math.Sqrt(Math.Pow(from[0] - to[0], 2) + Math.Pow(from[1] - to[1], 2));
}
