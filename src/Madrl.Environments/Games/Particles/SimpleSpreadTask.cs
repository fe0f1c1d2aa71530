using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Madrl.Environments.Games.Particles;

internal sealed unsafe class SimpleSpreadTask(int agents, bool openAI, double localRatio) : ParticleTask
{
    private const double Radius = 0.15;
    private const int Lanes = 8;

    public override string Name => "simple-spread";

    public override IReadOnlyList<ParticleAgent> Agents { get; } = [.. Enumerable.Range(0, agents).Select(i => new ParticleAgent($"agent_{i}", Radius))];

    public override IReadOnlyList<ParticleLandmark> Landmarks { get; } = [.. Enumerable.Range(0, agents).Select(_ => new ParticleLandmark(0.05))];

    public override string ReturnScale => "sum";

    public override IEnumerable<Column> Observation(ParticleWorld world, int agent) =>
    [
        .. Column.Pair(world.Velocity(agent)), .. Column.Pair(world.Position(agent)),
        .. Enumerable.Range(agents, agents).Concat(Enumerable.Range(0, agents).Where(other => other != agent))
            .SelectMany(entity => Column.Relative(world.Position(entity), world.Position(agent))),
        .. Column.Zeros(2 * (agents - 1)),
    ];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Reward(ParticleWorld world, double* block, double* rewards)
    {
        var width = world.State.Width;
        new Span<double>(rewards, agents * width).Clear();
        CountCollisions(block, rewards, width);
        for (var copy = 0; copy < width; copy += Lanes)
        {
            var coverage = Coverage(block + copy, width);
            var own = rewards + copy;
            if (openAI)
            {
                var sum = Vector512<double>.Zero;
                for (var agent = 0; agent < agents; agent++) sum += coverage - (Vector512.LoadAligned(own + agent * width) + Vector512<double>.One);
                for (var agent = 0; agent < agents; agent++) sum.StoreAligned(own + agent * width);
            }
            else
            {
                var shared = coverage * (1 - localRatio);
                for (var agent = 0; agent < agents; agent++)
                    (shared - Vector512.LoadAligned(own + agent * width) * localRatio).StoreAligned(own + agent * width);
            }
        }
    }

    public override (double X, double Y, int Word) Play(ParticleWorld world, int agent, int copy) => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountCollisions(double* block, double* counts, int width)
    {
        var distance = Vector512.Create(2 * Radius);
        for (var first = 0; first < agents; first++)
        {
            for (var second = first + 1; second < agents; second++)
            {
                double* p = block + 2 * first * width, q = block + 2 * second * width, m = counts + first * width, n = counts + second * width;
                for (var copy = 0; copy < width; copy += Lanes)
                {
                    var touching = Vector512.LessThan(Vector512.Sqrt(ParticleWorld.SquaredDistance(p + copy, q + copy, width)), distance) & Vector512<double>.One;
                    (Vector512.LoadAligned(m + copy) + touching).StoreAligned(m + copy);
                    (Vector512.LoadAligned(n + copy) + touching).StoreAligned(n + copy);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<double> Coverage(double* block, int width)
    {
        var sum = Vector512<double>.Zero;
        for (var landmark = agents; landmark < 2 * agents; landmark++)
        {
            var place = block + 2 * landmark * width;
            var least = ParticleWorld.SquaredDistance(block, place, width);
            for (var agent = 1; agent < agents; agent++) least = Vector512.Min(least, ParticleWorld.SquaredDistance(block + 2 * agent * width, place, width));
            sum -= Vector512.Sqrt(least);
        }

        return sum;
    }
}
