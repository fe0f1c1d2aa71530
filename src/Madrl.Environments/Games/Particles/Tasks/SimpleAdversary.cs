using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles.Tasks;

/// <summary>Options of simple-adversary.</summary>
public sealed record SimpleAdversaryOptions : ParticleOptions
{
    /// <summary>Good agents, and as many landmarks.</summary>
    [Range(1, 128), Description("good agents, and as many landmarks")]
    public int Agents { get; init; } = 2;
}

/// <summary>The task <c>simple-adversary</c>.</summary>
[Game]
public sealed class SimpleAdversaryDefinition : ParticleDefinition<SimpleAdversaryOptions>
{
    /// <inheritdoc/>
    public override string Task => "simple-adversary";

    /// <inheritdoc/>
    public override string Summary => "Good agents know which landmark counts, and hide it from an adversary that has to guess.";

    private protected override ParticleTask Build(SimpleAdversaryOptions options, bool openAI) => new SimpleAdversaryTask(options.Agents, openAI);
}

/// <summary>
/// One adversary, then N good agents, and N landmarks of which one is the goal. All observe where the landmarks and the others
/// are, the good ones the goal before that. The good get the adversary's distance from the goal less the nearest good agent's;
/// the adversary minus its distance (rules openai: squared).
/// </summary>
internal sealed class SimpleAdversaryTask(int good, bool openAI) : ParticleTask(
    new ParticleScene(
        [
            new("adversary_0", Radius, Adversary: true),
            .. Enumerable.Range(0, good).Select(i => new ParticleAgent($"agent_{i}", Radius)),
        ],
        [.. Enumerable.Repeat(new ParticleLandmark(0.08), good)], ownRows: GoalRows.Count(0)),
    openAI)
{
    private const double Radius = 0.15;
    private const int Adversary = 0;

    public override string ReturnScale => base.ReturnScale + " of both teams";

    internal GoalRows Goals => new(Scene, Scene.Own, channels: 0);

    public override IEnumerable<Column> Observation(int agent)
    {
        var own = Scene.Position(agent);
        return
        [
            .. agent == Adversary ? [] : Column.Relative(Goals.Place, own),
            .. Landmarks(agent), .. Others(agent).SelectMany(other => Column.Relative(Scene.Position(other), own)),
        ];
    }

    public override void Begin(CopyLane copy, ref KeyedRandom random)
    {
        base.Begin(copy, ref random);
        Goals.Choose(copy, random.NextInt32(good));
    }

    public override void Derive(CopyLanes world) => Goals.Derive(world);

    public override void Reward(CopyLanes world, CopyLanes rewards)
    {
        var adversary = world.SquaredDistance(Scene.Position(Adversary), Goals.Place);
        var distance = Vector512.Sqrt(adversary);
        rewards[Adversary] = OpenAI ? -adversary : -distance;
        var shared = distance - world.LeastDistance(Goals.Place, Scene.Positions[1..]);
        for (var agent = 1; agent <= good; agent++) rewards[agent] = shared;
    }

    /// <summary>The good take a landmark each, so that nobody can tell which one counts; the adversary stays in their middle.</summary>
    public override ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot)
    {
        if (agent != Adversary) return pilot.GoTo(copy, agent, Scene.Place((agent - 1 + Goals.Chosen(copy)) % good));
        var (x, y) = (0.0, 0.0);
        for (var landmark = 0; landmark < good; landmark++)
        {
            x += copy[Scene.Place(landmark)] / good;
            y += copy[Scene.Place(landmark) + 1] / good;
        }

        return pilot.GoTo(copy, agent, x, y);
    }

    public override int? Goal(CopyLane copy) => Goals.Chosen(copy);
}
