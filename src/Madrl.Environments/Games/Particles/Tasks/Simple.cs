namespace Madrl.Environments.Games.Particles.Tasks;

/// <summary>The task <c>simple</c>.</summary>
[Game]
public sealed class SimpleDefinition : ParticleDefinition<ParticleOptions>
{
    /// <inheritdoc/>
    public override string Task => "simple";

    /// <inheritdoc/>
    public override string Summary => "One agent goes to a landmark.";

    private protected override ParticleTask Build(ParticleOptions options, bool openAI) => new SimpleTask(openAI);
}

/// <summary>One agent goes to one landmark. It observes its velocity and where the landmark lies; reward minus the squared distance.</summary>
internal sealed class SimpleTask(bool openAI)
    : ParticleTask(new ParticleScene([new("agent_0", 0.05)], [new(0.05)]), openAI)
{
    public override string ReturnScale => "sum over the steps";

    public override IEnumerable<Column> Observation(int agent) =>
        [.. Column.Pair(Scene.Velocity(0)), .. Landmarks(agent)];

    public override void Reward(CopyLanes world, CopyLanes rewards) => rewards[0] = -world.SquaredDistance(Scene.Position(0), Scene.Place(0));

    public override ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot) => pilot.GoTo(copy, agent, Scene.Place(0));

    public override int? Goal(CopyLane copy) => 0;
}
