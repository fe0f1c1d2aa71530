using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Environments.Drawing;

namespace Madrl.Environments.Games.Particles.Tasks;

/// <summary>Options of simple-world-comm.</summary>
public sealed record SimpleWorldCommOptions : ParticleOptions
{
    /// <summary>Agents that are chased.</summary>
    [Range(1, 64), Description("agents that are chased")]
    public int Good { get; init; } = 2;

    /// <summary>Agents that chase, the first of whom leads.</summary>
    [Range(1, 64), Description("agents that chase, the first of whom leads")]
    public int Adversaries { get; init; } = 4;

    /// <summary>Landmarks in the way.</summary>
    [Range(0, 64), Description("landmarks in the way")]
    public int Obstacles { get; init; } = 1;

    /// <summary>Landmarks that feed the good agents.</summary>
    [Range(1, 64), Description("landmarks that feed the good agents")]
    public int Food { get; init; } = 2;

    /// <summary>Landmarks that hide whoever stands in them.</summary>
    [Range(0, 64), Description("landmarks that hide whoever stands in them")]
    public int Forests { get; init; } = 2;
}

/// <summary>The task <c>simple-world-comm</c>.</summary>
[Game]
public sealed class SimpleWorldCommDefinition : ParticleDefinition<SimpleWorldCommOptions>
{
    /// <inheritdoc/>
    public override string Task => "simple-world-comm";

    /// <inheritdoc/>
    public override string Summary => "Adversaries with a leader who sees all chase agents that look for food and hide in forests.";

    private protected override ParticleTask Build(SimpleWorldCommOptions options, bool openAI) => new SimpleWorldCommTask(options, openAI);
}

/// <summary>
/// Predators and prey with food, forests and a leader who speaks. An agent sees another unless a forest hides one of them from the
/// other; the leader sees all.
/// </summary>
internal sealed class SimpleWorldCommTask(SimpleWorldCommOptions options, bool openAI) : ParticleTask(
    new ParticleScene(
        [
            Hunt.Adversary("leadadversary_0") with { Speaks = true },
            .. Enumerable.Range(0, options.Adversaries - 1).Select(i => Hunt.Adversary($"adversary_{i}")),
            .. Enumerable.Range(0, options.Good).Select(i => Hunt.Good($"agent_{i}", GoodRadius)),
        ],
        [
            .. Enumerable.Repeat(new ParticleLandmark(0.2, Ink.Obstacle, Collides: true, Spread: 0.9), options.Obstacles),
            .. Enumerable.Repeat(new ParticleLandmark(FoodRadius, Ink.Target, Spread: 0.9), options.Food),
            .. Enumerable.Repeat(new ParticleLandmark(ForestRadius, Ink.Ground, Spread: 0.9), options.Forests),
        ],
        words: 4, seenRows: SeenRows(options.Adversaries + options.Good, options.Forests)),
    openAI)
{
    private const int Leader = 0;
    private const double GoodRadius = 0.045;
    private const double FoodRadius = 0.03;
    private const double ForestRadius = 0.3;
    private const double Caught = 5;
    private const double Eaten = 2;
    private const double OutsideWeight = 2;
    private const double FoodWeight = 0.05;
    private const double ChaseWeight = 0.1;

    private readonly Hunt _hunt = new(options.Adversaries, options.Good, GoodRadius);
    private readonly int _firstForest = options.Obstacles + options.Food;
    private readonly Reach _foodReach = new(GoodRadius + FoodRadius);
    private readonly Reach[] _forestReach =
    [
        .. Enumerable.Repeat(new Reach(Hunt.AdversaryRadius + ForestRadius), options.Adversaries),
        .. Enumerable.Repeat(new Reach(GoodRadius + ForestRadius), options.Good),
    ];

    private readonly int _agents = options.Adversaries + options.Good;

    public override string ReturnScale => base.ReturnScale + " of both teams";

    private ReadOnlySpan<int> FoodPlaces => Scene.Places.Slice(options.Obstacles, options.Food);

    /// <summary>Of the rows that are worked out: 1 where an agent stands in a forest, -1 where not.</summary>
    private int InForest(int agent, int forest) => agent * options.Forests + forest;

    /// <summary>Of the rows that are worked out: 1 where two agents see one another, 0 where a forest hides one of them.</summary>
    private int Visible(int agent, int other)
    {
        var (low, high) = (Math.Min(agent, other), Math.Max(agent, other));
        return _agents * options.Forests + high * (high - 1) / 2 + low;
    }

    private static int SeenRows(int agents, int forests) => agents * forests + agents * (agents - 1) / 2;

    public override IEnumerable<Column> Observation(int agent)
    {
        var own = Scene.Position(agent);
        int[] others = [.. Others(agent)];
        Column[] inForest = [.. Enumerable.Range(0, options.Forests).Select(forest => new Column(Scene.Rows + InForest(agent, forest)))];
        Column[] velocities =
        [
            .. others.Where(other => !Scene.Agents[other].Adversary)
                .SelectMany(other => Column.Pair(Scene.Velocity(other)).Select(column => column with { Shown = Shown(agent, other) })),
        ];
        return
        [
            .. Column.Pair(Scene.Velocity(agent)), .. Column.Pair(own),
            .. Landmarks(agent),
            .. others.SelectMany(other => Column.Relative(Scene.Position(other), own, Shown(agent, other))),
            .. Scene.Agents[agent].Adversary
                ? [.. velocities, .. inForest, .. Column.Rows(Scene.Said(Leader), Scene.Words)]
                : (Column[])[.. inForest, .. velocities],
        ];
    }

    public override void See(CopyLanes world, CopyLanes seen)
    {
        for (var agent = 0; agent < _agents; agent++)
        {
            for (var forest = 0; forest < options.Forests; forest++)
            {
                var inside = world.Within(_forestReach[agent], Scene.Position(agent), Scene.Place(_firstForest + forest));
                seen[InForest(agent, forest)] = inside * 2 - Vector512<double>.One;
            }

            for (var other = 0; other < agent; other++) seen[Visible(agent, other)] = SeeOneAnother(seen, agent, other);
        }
    }

    public override void Reward(CopyLanes world, CopyLanes rewards)
    {
        var caught = _hunt.Hits(Scene, world, rewards);
        foreach (var adversary in _hunt.Adversaries)
        {
            var away = world.LeastDistance(Scene.Position(adversary), Scene.Positions[options.Adversaries..]);
            rewards[adversary] = caught * Caught - away * ChaseWeight;
        }

        foreach (var good in _hunt.Prey)
        {
            var own = Scene.Position(good);
            var near = world.LeastDistance(own, FoodPlaces) * FoodWeight;
            rewards[good] = -(rewards[good] * Caught) - (Hunt.Outside(world[own]) + Hunt.Outside(world[own + 1])) * OutsideWeight
                + Meals(world, good) * Eaten + (OpenAI ? near : -near); // The sign is OpenAI's mistake, which MPE2 mended.
        }
    }

    /// <summary>The good go to food as long as nobody is near, the adversaries after the nearest whom they or their leader see: all.</summary>
    public override ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot)
    {
        if (Scene.Agents[agent].Adversary) return pilot.Chase(copy, agent, _hunt.NearestPrey(Scene, copy, agent));
        const double danger = 0.5;
        var own = Scene.Position(agent);
        var pursuers = Scene.Positions[..options.Adversaries];
        return copy.Distance(own, pursuers[copy.Nearest(own, pursuers)]) < danger
            ? pilot.Flee(copy, agent, _hunt.Adversaries)
            : pilot.GoTo(copy, agent, FoodPlaces[copy.Nearest(own, FoodPlaces)]);
    }

    private int Shown(int agent, int other) => agent == Leader ? Column.None : Scene.Rows + Visible(agent, other);

    /// <summary>Both in one forest, or neither in any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<double> SeeOneAnother(CopyLanes seen, int agent, int other)
    {
        Vector512<double> hidden = Vector512<double>.Zero, together = Vector512<double>.Zero;
        for (int one = InForest(agent, 0), two = InForest(other, 0), end = InForest(agent + 1, 0); one < end; one++, two++)
        {
            Vector512<double> first = Vector512.GreaterThan(seen[one], Vector512<double>.Zero);
            Vector512<double> second = Vector512.GreaterThan(seen[two], Vector512<double>.Zero);
            hidden |= first | second;
            together |= first & second;
        }

        return Vector512.OnesComplement(hidden ^ together) & Vector512<double>.One;
    }

    private Vector512<double> Meals(CopyLanes world, int agent)
    {
        var meals = Vector512<double>.Zero;
        foreach (var food in FoodPlaces) meals += world.Within(_foodReach, Scene.Position(agent), food);
        return meals;
    }
}
