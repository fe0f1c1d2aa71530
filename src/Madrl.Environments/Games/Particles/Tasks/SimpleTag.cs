using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.Intrinsics;
using Madrl.Environments.Drawing;

namespace Madrl.Environments.Games.Particles.Tasks;

/// <summary>Options of simple-tag.</summary>
public sealed record SimpleTagOptions : ParticleOptions
{
    /// <summary>Agents that are chased.</summary>
    [Range(1, 64), Description("agents that are chased")]
    public int Good { get; init; } = 1;

    /// <summary>Agents that chase.</summary>
    [Range(1, 64), Description("agents that chase")]
    public int Adversaries { get; init; } = 3;

    /// <summary>Landmarks in the way.</summary>
    [Range(0, 64), Description("landmarks in the way")]
    public int Obstacles { get; init; } = 2;
}

/// <summary>The task <c>simple-tag</c>.</summary>
[Game]
public sealed class SimpleTagDefinition : ParticleDefinition<SimpleTagOptions>
{
    /// <inheritdoc/>
    public override string Task => "simple-tag";

    /// <inheritdoc/>
    public override string Summary => "Slow adversaries chase a fast agent among obstacles.";

    private protected override ParticleTask Build(SimpleTagOptions options, bool openAI) => new SimpleTagTask(options, openAI);
}

/// <summary>
/// Predators and prey. All observe their velocity and position, where obstacles and others are, and the velocities of the other
/// good agents. A hit gives every adversary 10 and costs the good agent 10; it also pays for leaving the square.
/// </summary>
internal sealed class SimpleTagTask(SimpleTagOptions options, bool openAI) : ParticleTask(
    new ParticleScene(
        [
            .. Enumerable.Range(0, options.Adversaries).Select(i => Hunt.Adversary($"adversary_{i}")),
            .. Enumerable.Range(0, options.Good).Select(i => Hunt.Good($"agent_{i}", GoodRadius)),
        ],
        [.. Enumerable.Repeat(new ParticleLandmark(0.2, Ink.Obstacle, Collides: true, Spread: 0.9), options.Obstacles)]),
    openAI)
{
    private const double GoodRadius = 0.05;
    private const double Hit = 10;

    private readonly Hunt _hunt = new(options.Adversaries, options.Good, GoodRadius);

    public override string ReturnScale => base.ReturnScale + " of both teams";

    public override IEnumerable<Column> Observation(int agent)
    {
        var own = Scene.Position(agent);
        int[] others = [.. Others(agent)];
        return
        [
            .. Column.Pair(Scene.Velocity(agent)), .. Column.Pair(own),
            .. Landmarks(agent),
            .. others.SelectMany(other => Column.Relative(Scene.Position(other), own)),
            .. others.Where(other => !Scene.Agents[other].Adversary).SelectMany(other => Column.Pair(Scene.Velocity(other))),
        ];
    }

    public override void Reward(CopyLanes world, CopyLanes rewards)
    {
        var caught = _hunt.Hits(Scene, world, rewards);
        foreach (var adversary in _hunt.Adversaries) rewards[adversary] = caught * Hit;
        foreach (var good in _hunt.Prey)
        {
            var own = Scene.Position(good);
            rewards[good] = -(rewards[good] * Hit) - Hunt.Outside(world[own]) - Hunt.Outside(world[own + 1]);
        }
    }

    public override ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot) => Scene.Agents[agent].Adversary
        ? pilot.Chase(copy, agent, _hunt.NearestPrey(Scene, copy, agent))
        : pilot.Flee(copy, agent, _hunt.Adversaries);
}
