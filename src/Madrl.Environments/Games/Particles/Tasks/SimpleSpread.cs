using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.Intrinsics;

namespace Madrl.Environments.Games.Particles.Tasks;

/// <summary>Options of simple-spread.</summary>
public sealed record SimpleSpreadOptions : LocalRatioOptions
{
    /// <summary>Agents, and as many landmarks.</summary>
    [Range(1, 128), Description("agents, and as many landmarks")]
    public int Agents { get; init; } = 3;
}

/// <summary>The task <c>simple-spread</c>.</summary>
[Game]
public sealed class SimpleSpreadDefinition : ParticleDefinition<SimpleSpreadOptions>
{
    /// <inheritdoc/>
    public override string Task => "simple-spread";

    /// <inheritdoc/>
    public override string Summary => "Agents share out the landmarks among themselves without running into one another.";

    private protected override ParticleTask Build(SimpleSpreadOptions options, bool openAI)
    {
        options.CheckRules(openAI);
        return new SimpleSpreadTask(options.Agents, options.LocalRatio, openAI);
    }
}

/// <summary>
/// N agents share out N landmarks: the nearer every landmark's nearest agent, the better, and collisions cost. An agent observes
/// its velocity and position, then relative to itself the landmarks and the other agents, then the others' messages, which are
/// always zero here.
/// </summary>
internal sealed class SimpleSpreadTask(int agents, double localRatio, bool openAI) : ParticleTask(
    new ParticleScene(
        [.. Enumerable.Range(0, agents).Select(i => new ParticleAgent($"agent_{i}", Radius) { Collides = true })],
        [.. Enumerable.Range(0, agents).Select(_ => new ParticleLandmark(0.05))], ownRows: agents),
    openAI)
{
    private const double Radius = 0.15;
    private const int MessageLength = 2;

    private static readonly Reach _touch = new(2 * Radius);

    public override string ReturnScale => base.ReturnScale + (OpenAI ? ", each of whom receives the sum of all" : "");

    // The scripted policy's memory: 1 + the landmark that an agent goes to, 0 before they have agreed.
    private int Choice(int agent) => Scene.Own + agent;

    public override IEnumerable<Column> Observation(int agent)
    {
        var own = Scene.Position(agent);
        int[] others = [.. Others(agent)];
        return
        [
            .. Column.Pair(Scene.Velocity(agent)), .. Column.Pair(own),
            .. Landmarks(agent),
            .. others.SelectMany(other => Column.Relative(Scene.Position(other), own)),
            .. Column.Zeros(MessageLength * others.Length),
        ];
    }

    public override void Reward(CopyLanes world, CopyLanes rewards)
    {
        CountCollisions(world, rewards);
        var coverage = Coverage(world);
        for (var agent = 0; agent < agents; agent++)
        {
            // OpenAI's program counts an agent's collision with itself.
            rewards[agent] = OpenAI
                ? coverage - (rewards[agent] + Vector512<double>.One)
                : coverage * (1 - localRatio) - rewards[agent] * localRatio;
        }

        if (OpenAI) Share(rewards);
    }

    public override ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot)
    {
        if (copy[Choice(0)] == 0) Agree(copy);
        return pilot.GoTo(copy, agent, Scene.Place((int)copy[Choice(agent)] - 1));
    }

    /// <summary>How many others each agent touches.</summary>
    private void CountCollisions(CopyLanes world, CopyLanes counts)
    {
        for (var agent = 0; agent < agents; agent++) counts[agent] = Vector512<double>.Zero;
        for (var first = 0; first < agents; first++)
        {
            for (var second = first + 1; second < agents; second++)
            {
                var touching = world.Within(_touch, Scene.Position(first), Scene.Position(second));
                counts[first] += touching;
                counts[second] += touching;
            }
        }
    }

    /// <summary>Minus the sum over landmarks of the distance of the nearest agent.</summary>
    private Vector512<double> Coverage(CopyLanes world)
    {
        var sum = Vector512<double>.Zero;
        foreach (var place in Scene.Places) sum -= world.LeastDistance(place, Scene.Positions);
        return sum;
    }

    /// <summary>
    /// Two agents exchange their landmarks as long as that makes their ways shorter. Every exchange shortens the sum by a minimum,
    /// so this ends.
    /// </summary>
    private void Agree(CopyLane copy)
    {
        for (var agent = 0; agent < agents; agent++) copy[Choice(agent)] = agent + 1;
        for (var improved = true; improved;)
        {
            improved = false;
            for (var first = 0; first < agents; first++)
            {
                for (var second = first + 1; second < agents; second++)
                {
                    if (GainOfExchange(copy, first, second) < 1e-9) continue;
                    (copy[Choice(first)], copy[Choice(second)]) = (copy[Choice(second)], copy[Choice(first)]);
                    improved = true;
                }
            }
        }
    }

    private double GainOfExchange(CopyLane copy, int first, int second)
    {
        int one = Scene.Place((int)copy[Choice(first)] - 1), other = Scene.Place((int)copy[Choice(second)] - 1);
        return copy.Distance(Scene.Position(first), one) + copy.Distance(Scene.Position(second), other)
            - copy.Distance(Scene.Position(first), other) - copy.Distance(Scene.Position(second), one);
    }
}
