namespace Madrl.Environments.Games.Particles;

/// <summary>How scripted policies move.</summary>
/// <param name="scene">Who is there.</param>
/// <param name="integration">Order of a step.</param>
/// <param name="isDiscrete">Whether only nothing or a full push along one axis is possible.</param>
internal sealed class ParticlePilot(ParticleScene scene, Integration integration, bool isDiscrete)
{
    private const int Foresight = 5;
    private const double Edge = 0.85;
    private const double EdgeWeight = 10;

    /// <summary>Goes to the point whose x stands in a row, and stops there.</summary>
    public ScriptedAction GoTo(CopyLane copy, int agent, int point) => GoTo(copy, agent, copy[point], copy[point + 1]);

    /// <summary>Goes to a point, and stops there.</summary>
    public ScriptedAction GoTo(CopyLane copy, int agent, double x, double y)
    {
        var (own, moving) = (scene.Position(agent), scene.Velocity(agent));
        var way = new ParticleWay(
            x - copy[own], y - copy[own + 1], copy[moving], copy[moving + 1],
            scene.Agents[agent].Acceleration * ParticleWorld.TimeStep, integration == Integration.PositionFirst);
        var (pushX, pushY) = isDiscrete ? way.BestFullPush() : way.Push();
        return new ScriptedAction(pushX, pushY);
    }

    /// <summary>Runs to where another agent will be soon.</summary>
    public ScriptedAction Chase(CopyLane copy, int agent, int prey)
    {
        var ahead = Math.Min(copy.Distance(scene.Position(agent), scene.Position(prey)), Foresight * ParticleWorld.TimeStep);
        var x = copy[scene.Position(prey)] + copy[scene.Velocity(prey)] * ahead - copy[scene.Position(agent)] - copy[scene.Velocity(agent)] * ahead;
        var y = copy[scene.Position(prey) + 1] + copy[scene.Velocity(prey) + 1] * ahead
            - copy[scene.Position(agent) + 1] - copy[scene.Velocity(agent) + 1] * ahead;
        var longest = Math.Max(Math.Abs(x), Math.Abs(y));
        return longest < 1e-9 ? default : new ScriptedAction(x / longest, y / longest);
    }

    /// <summary>Keeps away from others and within the square.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="agent">Who.</param>
    /// <param name="pursuers">The others.</param>
    public ScriptedAction Flee(CopyLane copy, int agent, int[] pursuers)
    {
        var best = default(ScriptedAction);
        var most = double.NegativeInfinity;
        for (var x = -1; x <= 1; x++)
        {
            for (var y = -1; y <= 1; y++)
            {
                if (isDiscrete && x * y != 0) continue;
                var safety = Safety(copy, agent, pursuers, new ScriptedAction(x, y));
                if (safety > most) (most, best) = (safety, new ScriptedAction(x, y));
            }
        }

        return best;
    }

    /// <summary>How far away the nearest of the others is after some steps of the same push, less what lies outside the square.</summary>
    private double Safety(CopyLane copy, int agent, int[] pursuers, ScriptedAction push)
    {
        var x = After(copy[scene.Position(agent)], copy[scene.Velocity(agent)], push.X * scene.Agents[agent].Acceleration);
        var y = After(copy[scene.Position(agent) + 1], copy[scene.Velocity(agent) + 1], push.Y * scene.Agents[agent].Acceleration);
        var nearest = double.PositiveInfinity;
        for (var i = 0; i < pursuers.Length; i++)
        {
            var awayX = x - After(copy[scene.Position(pursuers[i])], copy[scene.Velocity(pursuers[i])], 0);
            var awayY = y - After(copy[scene.Position(pursuers[i]) + 1], copy[scene.Velocity(pursuers[i]) + 1], 0);
            nearest = Math.Min(nearest, Math.Sqrt(awayX * awayX + awayY * awayY));
        }

        return nearest - EdgeWeight * (Math.Max(0, Math.Abs(x) - Edge) + Math.Max(0, Math.Abs(y) - Edge));
    }

    private double After(double position, double velocity, double force)
    {
        for (var step = 0; step < Foresight; step++)
        {
            var next = ParticleWorld.Retained * velocity + force * ParticleWorld.TimeStep;
            position += (integration == Integration.PositionFirst ? velocity : next) * ParticleWorld.TimeStep;
            velocity = next;
        }

        return position;
    }
}
