using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles.Tasks;

/// <summary>Options of simple-reference.</summary>
public sealed record SimpleReferenceOptions : LocalRatioOptions;

/// <summary>The task <c>simple-reference</c>.</summary>
[Game]
public sealed class SimpleReferenceDefinition : ParticleDefinition<SimpleReferenceOptions>
{
    /// <inheritdoc/>
    public override string Task => "simple-reference";

    /// <inheritdoc/>
    public override string Summary => "Two agents each know where the other should go, and tell it.";

    private protected override ParticleTask Build(SimpleReferenceOptions options, bool openAI)
    {
        options.CheckRules(openAI);
        return new SimpleReferenceTask(options.LocalRatio, openAI);
    }
}

/// <summary>
/// Two agents among three landmarks. Each observes its velocity, where the landmarks lie, the colour of the landmark to which the
/// other should go, and the other's last word. Its own reward is minus the other's distance from there (rules openai: squared).
/// </summary>
internal sealed class SimpleReferenceTask(double localRatio, bool openAI) : ParticleTask(
    new ParticleScene(
        [new("agent_0", Radius) { Speaks = true }, new("agent_1", Radius) { Speaks = true }],
        [.. Enumerable.Repeat(new ParticleLandmark(0.05), Places)], words: 10, ownRows: 2 * GoalRows.Count(Places)),
    openAI)
{
    private const double Radius = 0.05;
    private const int Places = 3;

    public override string ReturnScale => base.ReturnScale + (OpenAI ? ", each of whom receives the sum of both" : "");

    /// <summary>Where the other agent should go.</summary>
    internal GoalRows Goals(int agent) => new(Scene, Scene.Own + agent * GoalRows.Count(Places), Places);

    public override IEnumerable<Column> Observation(int agent) =>
    [
        .. Column.Pair(Scene.Velocity(agent)), .. Landmarks(agent),
        .. Goals(agent).Colour, .. Column.Rows(Scene.Said(1 - agent), Scene.Words),
    ];

    public override void Begin(CopyLane copy, ref KeyedRandom random)
    {
        base.Begin(copy, ref random);
        for (var agent = 0; agent < 2; agent++) Goals(agent).Choose(copy, random.NextInt32(Places));
    }

    public override void Derive(CopyLanes world)
    {
        for (var agent = 0; agent < 2; agent++) Goals(agent).Derive(world, low: 0.25, high: 0.75);
    }

    public override void Reward(CopyLanes world, CopyLanes rewards)
    {
        for (var agent = 0; agent < 2; agent++)
        {
            var squared = world.SquaredDistance(Scene.Position(1 - agent), Goals(agent).Place);
            rewards[agent] = OpenAI ? -squared : -Vector512.Sqrt(squared);
        }

        if (OpenAI) Share(rewards);
        else Mix(rewards);
    }

    public override ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot) =>
        pilot.GoTo(copy, agent, Goals(1 - agent).Place) with { Word = Goals(agent).Chosen(copy) };

    private void Mix(CopyLanes rewards)
    {
        var shared = (rewards[0] + rewards[1]) * 0.5 * (1 - localRatio);
        for (var agent = 0; agent < 2; agent++) rewards[agent] = shared + rewards[agent] * localRatio;
    }
}
