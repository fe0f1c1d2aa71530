using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles.Tasks;

/// <summary>The task <c>simple-speaker-listener</c>.</summary>
[Game]
public sealed class SimpleSpeakerListenerDefinition : ParticleDefinition<ParticleOptions>
{
    /// <inheritdoc/>
    public override string Task => "simple-speaker-listener";

    /// <inheritdoc/>
    public override string Summary => "A speaker that cannot move tells a listener which of three landmarks to go to.";

    private protected override ParticleTask Build(ParticleOptions options, bool openAI) => new SimpleSpeakerListenerTask(openAI);
}

/// <summary>
/// The speaker observes the colour of the landmark that counts. The listener observes its velocity, where the three landmarks lie
/// and the last word of the speaker; both get minus its squared distance from the landmark.
/// </summary>
internal sealed class SimpleSpeakerListenerTask(bool openAI) : ParticleTask(
    new ParticleScene(
        [new("speaker_0", Radius) { Moves = false, Speaks = true }, new("listener_0", Radius)],
        [.. Enumerable.Repeat(new ParticleLandmark(0.04), Places)], words: Places, ownRows: GoalRows.Count(Places)),
    openAI)
{
    private const double Radius = 0.075;
    private const int Places = 3;
    private const int Speaker = 0;
    private const int Listener = 1;

    public override string ReturnScale => base.ReturnScale + (OpenAI ? ", each of whom receives the sum of both" : "");

    internal GoalRows Goals => new(Scene, Scene.Own, Places);

    public override IEnumerable<Column> Observation(int agent) => agent == Speaker
        ? Goals.Colour
        :
        [
            .. Column.Pair(Scene.Velocity(Listener)),
            .. Landmarks(Listener), .. Column.Rows(Scene.Said(Speaker), Places),
        ];

    public override void Begin(CopyLane copy, ref KeyedRandom random)
    {
        base.Begin(copy, ref random);
        Goals.Choose(copy, random.NextInt32(Places));
    }

    public override void Derive(CopyLanes world) => Goals.Derive(world, low: 0.15, high: 0.65);

    public override void Reward(CopyLanes world, CopyLanes rewards)
    {
        var squared = world.SquaredDistance(Scene.Position(Listener), Goals.Place);
        rewards[Speaker] = -squared;
        rewards[Listener] = -squared;
        if (OpenAI) Share(rewards);
    }

    public override ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot) => agent == Speaker
        ? new ScriptedAction(0, 0, Goals.Chosen(copy))
        : pilot.GoTo(copy, agent, Goals.Place);

    public override int? Goal(CopyLane copy) => Goals.Chosen(copy);
}
