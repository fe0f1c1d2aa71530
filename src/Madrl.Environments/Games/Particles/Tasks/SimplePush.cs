using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles.Tasks;

/// <summary>The task <c>simple-push</c>.</summary>
[Game]
public sealed class SimplePushDefinition : ParticleDefinition<ParticleOptions>
{
    /// <inheritdoc/>
    public override string Task => "simple-push";

    /// <inheritdoc/>
    public override string Summary => "An agent goes to a landmark; an adversary that does not know which one pushes it away.";

    private protected override ParticleTask Build(ParticleOptions options, bool openAI) => new SimplePushTask(openAI);
}

/// <summary>
/// The good agent observes its velocity, the goal, its own colour (which tells the goal), the landmarks with their colours and the
/// adversary, and gets minus its distance from the goal. The adversary observes its velocity, the landmarks and the agent, and gets
/// the agent's distance from the goal less its own.
/// </summary>
internal sealed class SimplePushTask(bool openAI) : ParticleTask(
    new ParticleScene(
        [new("adversary_0", Radius, Adversary: true) { Collides = true }, new("agent_0", Radius) { Collides = true }],
        [.. Enumerable.Repeat(new ParticleLandmark(0.05), Places)], ownRows: GoalRows.Count(Channels) + Places * Channels),
    openAI)
{
    private const double Radius = 0.05;
    private const int Places = 2;
    private const int Channels = 3;
    private const int Adversary = 0;
    private const int Good = 1;

    public override string ReturnScale => base.ReturnScale + " of both teams";

    internal GoalRows Goals => new(Scene, Scene.Own, Channels);

    private int LandmarkColours => Scene.Own + GoalRows.Count(Channels);

    public override IEnumerable<Column> Observation(int agent)
    {
        var own = Scene.Position(agent);
        return agent == Adversary
            ? [.. Column.Pair(Scene.Velocity(agent)), .. Landmarks(agent), .. Column.Relative(Scene.Position(Good), own)]
            :
            [
                .. Column.Pair(Scene.Velocity(agent)), .. Column.Relative(Goals.Place, own), .. Goals.Colour,
                .. Landmarks(agent), .. Column.Rows(LandmarkColours, Places * Channels), .. Column.Relative(Scene.Position(Adversary), own),
            ];
    }

    public override void Begin(CopyLane copy, ref KeyedRandom random)
    {
        base.Begin(copy, ref random);
        Goals.Choose(copy, random.NextInt32(Places));
    }

    public override void Derive(CopyLanes world)
    {
        Goals.Derive(world, low: 0.25, high: 0.75, offset: 1);
        for (var landmark = 0; landmark < Places; landmark++)
        {
            for (var channel = 0; channel < Channels; channel++)
                world[LandmarkColours + landmark * Channels + channel] = Vector512.Create(channel == landmark + 1 ? 0.9 : 0.1);
        }
    }

    public override void Reward(CopyLanes world, CopyLanes rewards)
    {
        var good = world.Distance(Scene.Position(Good), Goals.Place);
        rewards[Good] = -good;
        rewards[Adversary] = good - world.Distance(Scene.Position(Adversary), Goals.Place);
    }

    /// <summary>Both want the goal, and the adversary learns it from where the agent goes.</summary>
    public override ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot) => pilot.GoTo(copy, agent, Goals.Place);

    public override int? Goal(CopyLane copy) => Goals.Chosen(copy);
}
