namespace Madrl.Environments.Games.SimpleSpread;

/// <summary>
/// The scripted policy of simple-spread: on an episode's first move every agent is assigned a landmark so that the sum
/// of the distances is small; each then drives there as fast as it can still brake.
/// </summary>
internal sealed class SpreadPlayer
{
    private readonly ParticleWorld _world;
    private readonly bool _positionFirst;
    private readonly bool[] _assigned;
    private readonly int[] _landmarkOf;

    /// <summary>A player in the given world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="positionFirst">Whether a step moves the agents before their velocities change.</param>
    public SpreadPlayer(ParticleWorld world, bool positionFirst)
    {
        _world = world;
        _positionFirst = positionFirst;
        _assigned = new bool[world.Copies];
        _landmarkOf = new int[world.Copies * world.Agents];
    }

    /// <summary>A new episode starts in a copy: its assignment is void.</summary>
    public void Forget(int copy) => _assigned[copy] = false;

    /// <summary>Where an agent pushes now, as shares of the full force in [-1, 1].</summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="copy">Index of the copy.</param>
    /// <param name="discrete">Whether only nothing or a full push along one axis is possible.</param>
    public (double X, double Y) Push(int agent, int copy, bool discrete)
    {
        if (!_assigned[copy]) Assign(copy);
        var own = agent * _world.Stride + copy;
        var target = (_world.Agents + _landmarkOf[copy * _world.Agents + agent]) * _world.Stride + copy;
        var way = new SpreadWay(
            _world.X[target] - _world.X[own], _world.Y[target] - _world.Y[own],
            _world.VelocityX[own], _world.VelocityY[own], _positionFirst);
        return discrete ? way.BestFullPush() : way.Push();
    }

    private void Assign(int copy)
    {
        var landmarks = _landmarkOf.AsSpan(copy * _world.Agents, _world.Agents);
        for (var agent = 0; agent < landmarks.Length; agent++) landmarks[agent] = agent;

        // Two agents exchange their landmarks as long as that makes their ways shorter. Every exchange shortens the
        // sum by a minimum, so this ends.
        for (var improved = true; improved;)
        {
            improved = false;
            for (var first = 0; first < landmarks.Length; first++)
            {
                for (var second = first + 1; second < landmarks.Length; second++)
                {
                    if (GainOfExchange(copy, first, second, landmarks) < 1e-9) continue;
                    (landmarks[first], landmarks[second]) = (landmarks[second], landmarks[first]);
                    improved = true;
                }
            }
        }

        _assigned[copy] = true;
    }

    private double GainOfExchange(int copy, int first, int second, ReadOnlySpan<int> landmarks) =>
        Distance(copy, first, landmarks[first]) + Distance(copy, second, landmarks[second])
        - Distance(copy, first, landmarks[second]) - Distance(copy, second, landmarks[first]);

    private double Distance(int copy, int agent, int landmark)
    {
        var own = agent * _world.Stride + copy;
        var target = (_world.Agents + landmark) * _world.Stride + copy;
        var x = _world.X[own] - _world.X[target];
        var y = _world.Y[own] - _world.Y[target];
        return Math.Sqrt(x * x + y * y);
    }
}
