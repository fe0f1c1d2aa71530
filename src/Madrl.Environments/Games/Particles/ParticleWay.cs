namespace Madrl.Environments.Games.Particles;

/// <summary>The way of an agent to a point where it is to stop, without the others: what scripted policies steer by.</summary>
/// <param name="GapX">Point minus agent.</param>
/// <param name="GapY">Point minus agent.</param>
/// <param name="VelocityX">The agent's velocity.</param>
/// <param name="VelocityY">The agent's velocity.</param>
/// <param name="FullPush">By how much a full push changes the velocity in a step.</param>
/// <param name="PositionFirst">Whether a step moves the agent before its velocity changes.</param>
internal readonly record struct ParticleWay(double GapX, double GapY, double VelocityX, double VelocityY, double FullPush, bool PositionFirst)
{
    private const double Retained = ParticleWorld.Retained;
    private const int Foresight = 4;

    // Computed in decimals, in which they are exact.
    private const decimal Step = (decimal)ParticleWorld.TimeStep;
    private const decimal Kept = (decimal)ParticleWorld.Retained;
    private const double Twice = (double)(Step * (1 + Kept));
    private const double Thrice = (double)(Step * (1 + Kept + Kept * Kept));
    private const double ThricePushed = (double)(Step * (2 + Kept));

    /// <summary>The push that reaches the point soonest if both axes are free, as shares of the full force.</summary>
    public (double X, double Y) Push() => (Push(GapX, VelocityX), Push(GapY, VelocityY));

    /// <summary>The best full push along one axis, or none: judged by how near the agent is in the steps that follow.</summary>
    public (double X, double Y) BestFullPush()
    {
        ReadOnlySpan<(double X, double Y)> candidates = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];
        var best = candidates[0];
        var least = double.PositiveInfinity;
        foreach (var candidate in candidates)
        {
            var way = After(candidate);
            var sum = 0.0;
            for (var step = 0; step < Foresight && sum < least; step++)
            {
                sum += Math.Sqrt(way.GapX * way.GapX + way.GapY * way.GapY);
                way = way.After(way.GreaterFullPush());
            }

            if (sum >= least) continue;
            least = sum;
            best = candidate;
        }

        return best;
    }

    private (double X, double Y) GreaterFullPush()
    {
        var (x, y) = Push();
        if (Math.Max(Math.Abs(x), Math.Abs(y)) < 0.5) return (0, 0);
        return Math.Abs(x) >= Math.Abs(y) ? (Math.CopySign(1, x), 0) : (0, Math.CopySign(1, y));
    }

    private ParticleWay After((double X, double Y) push)
    {
        var x = Retained * VelocityX + FullPush * push.X;
        var y = Retained * VelocityY + FullPush * push.Y;
        var movingX = PositionFirst ? VelocityX : x;
        var movingY = PositionFirst ? VelocityY : y;
        return new ParticleWay(
            GapX - movingX * ParticleWorld.TimeStep, GapY - movingY * ParticleWorld.TimeStep, x, y, FullPush, PositionFirst);
    }

    private double Push(double gap, double velocity)
    {
        // What the old velocity covers in this step cannot be changed any more.
        if (PositionFirst) gap -= velocity * ParticleWorld.TimeStep;
        var wanted = Math.CopySign(BrakingSpeed(Math.Abs(gap)), gap);
        return Math.Clamp((wanted - Retained * velocity) / FullPush, -1, 1);
    }

    /// <summary>
    /// The greatest speed from which braking as hard as possible still stops within a distance. A speed v covers
    /// v * TimeStep and becomes Retained * v - FullPush; each line stands for one more step of braking. In two steps it covers
    /// TimeStep * ((1 + Retained) * v - FullPush), in three TimeStep * ((1 + Retained + Retained²) * v - (2 + Retained) * FullPush).
    /// </summary>
    private double BrakingSpeed(double distance)
    {
        var oneStep = distance / ParticleWorld.TimeStep;
        var twoSteps = (distance + ParticleWorld.TimeStep * FullPush) / Twice;
        var threeSteps = (distance + ThricePushed * FullPush) / Thrice;
        return Math.Min(oneStep, Math.Min(twoSteps, threeSteps));
    }
}
