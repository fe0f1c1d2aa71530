using System.Numerics;
using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles;

/// <summary>What the games share in which adversaries, the first agents, chase the good ones, the agents after them.</summary>
/// <param name="adversaries">Number of the adversaries.</param>
/// <param name="good">Number of the good agents.</param>
/// <param name="radius">Radius of a good agent.</param>
internal sealed class Hunt(int adversaries, int good, double radius)
{
    /// <summary>Radius of an adversary.</summary>
    public const double AdversaryRadius = 0.075;

    private readonly Reach _touch = new(radius + AdversaryRadius);

    /// <summary>Who chases.</summary>
    public int[] Adversaries { get; } = [.. Enumerable.Range(0, adversaries)];

    /// <summary>Who is chased.</summary>
    public int[] Prey { get; } = [.. Enumerable.Range(adversaries, good)];

    /// <summary>An agent that chases.</summary>
    public static ParticleAgent Adversary(string name) =>
        new(name, AdversaryRadius, Adversary: true) { Collides = true, Acceleration = 3, MaxSpeed = 1 };

    /// <summary>An agent that is chased.</summary>
    public static ParticleAgent Good(string name, double radius) => new(name, radius) { Collides = true, Acceleration = 4, MaxSpeed = 1.3 };

    /// <summary>What it costs to be outside: nothing below 0.9, then 10 per unit, from 1 on e^(2x - 2) up to 10.</summary>
    public static Vector512<double> Outside(Vector512<double> coordinate)
    {
        var x = Vector512.Abs(coordinate);
        var cost = Vector512.Max(Vector512<double>.Zero, (x - Vector512.Create(0.9)) * 10);
        var bits = Vector512.ExtractMostSignificantBits(Vector512.GreaterThanOrEqual(x, Vector512<double>.One));
        for (; bits != 0; bits &= bits - 1)
        {
            var lane = BitOperations.TrailingZeroCount(bits);
            cost = cost.WithElement(lane, Math.Min(DoubleMath.Exp(2 * x.GetElement(lane) - 2), 10));
        }

        return cost;
    }

    /// <summary>Counts how many adversaries each good agent touches.</summary>
    /// <param name="scene">Who is there.</param>
    /// <param name="world">Eight copies.</param>
    /// <param name="counts">Receives the counts in the rows of the good agents.</param>
    /// <returns>The sum.</returns>
    public Vector512<double> Hits(ParticleScene scene, CopyLanes world, CopyLanes counts)
    {
        var all = Vector512<double>.Zero;
        foreach (var prey in Prey)
        {
            var hits = Vector512<double>.Zero;
            foreach (var adversary in Adversaries)
                hits += world.Within(_touch, scene.Position(prey), scene.Position(adversary));
            counts[prey] = hits;
            all += hits;
        }

        return all;
    }

    /// <summary>The good agent that is nearest to an agent.</summary>
    public int NearestPrey(ParticleScene scene, CopyLane copy, int agent) =>
        adversaries + copy.Nearest(scene.Position(agent), scene.Positions[adversaries..]);
}
