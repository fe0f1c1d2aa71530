using Madrl.Environments.Drawing;
using Madrl.Environments.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Games.TargetReach;

/// <summary>
/// The Markov game ⟨S, {A_i}, P, {R_i}, γ⟩ with
/// S: places p_i and velocities v_i of four agents, 16 numbers; an episode begins at rest in uniformly drawn places of [-1, 1]²;
/// A_i: [0, 1]⁴, pushes to the right, to the left, up and down; with f = (right - left, up - down)
/// P: v_i becomes 0.75 v_i + 0.5 f and then p_i becomes p_i + 0.1 v_i; at the walls of [-1.5, 1.5]² an agent stops in that direction;
/// R_i = (1 - c) u_i + c (mean of all u_j), after the move, where u_i = -|p_i - g_i| - 0.05 |a_i|² - (others nearer than 0.2) and the level
/// gives c = 0.2 (level - 1); γ is the learner's. The targets g_i are the corners of [-0.5, 0.5]², counter-clockwise from the upper right one.
/// An agent observes 16 numbers: its place relative to its target, its velocity, then of each of the others, the next one first, the place
/// relative to it and the velocity. So one network can play for all: an agent's target is where it sees the origin, and the others come in their
/// cyclic order. Where the world is turned by a quarter, the next agent sees what the agent saw, turned likewise.
/// The scripted player steers to its target, away from and around whoever is near.
/// </summary>
internal sealed class TargetReachGame : ScalarGame
{
    private const int Count = 4;
    private const double Start = 1;
    private const double Wall = 1.5;
    private const double Kept = 0.75;
    private const double Thrust = 0.5;
    private const double TimeStep = 0.1;
    private const double Diameter = 0.2;
    private const double ActionCost = 0.05;

    private static readonly PlanePoint[] _targets = [new(0.5, 0.5), new(-0.5, 0.5), new(-0.5, -0.5), new(0.5, -0.5)];

    private readonly double _cooperation;

    public TargetReachGame(TargetReachOptions options)
        : base(AgentSpec.Alike(Count, 4 * Count, new ActionSpace.Box(4, 0, 1)), options.EpisodeLimit) =>
        _cooperation = (options.Level - 1) / 5.0;

    /// <summary>The agents' places, for tests that set them.</summary>
    internal PlanePoint[] Places { get; } = new PlanePoint[Count];

    /// <summary>The agents' velocities.</summary>
    internal PlanePoint[] Velocities { get; } = new PlanePoint[Count];

    /// <summary>Place and velocity of each.</summary>
    public override int StateSize => 4 * Count;

    /// <inheritdoc/>
    public override void Begin(ref KeyedRandom random)
    {
        foreach (ref var place in Places.AsSpan()) place = PlanePoint.Uniform(ref random, -Start, Start);
        Array.Clear(Velocities);
    }

    /// <inheritdoc/>
    public override bool Step(JointAction actions, Span<double> rewards)
    {
        for (var agent = 0; agent < Count; agent++)
        {
            var action = actions[agent];
            Move(agent, new PlanePoint((double)action[0] - action[1], (double)action[2] - action[3]));
        }

        for (var agent = 0; agent < Count; agent++) rewards[agent] = Own(agent, actions[agent]);
        Cooperation.Mix(rewards, _cooperation);
        return false;
    }

    /// <inheritdoc/>
    public override void Observe(int agent, Span<float> observation)
    {
        observation = (Places[agent] - _targets[agent]).Write(observation);
        observation = Velocities[agent].Write(observation);
        for (var next = 1; next < Count; next++)
        {
            var other = (agent + next) % Count;
            observation = (Places[other] - Places[agent]).Write(observation);
            observation = Velocities[other].Write(observation);
        }
    }

    /// <inheritdoc/>
    public override void WriteState(Span<float> state)
    {
        for (var agent = 0; agent < Count; agent++) state = Velocities[agent].Write(Places[agent].Write(state));
    }

    /// <inheritdoc/>
    public override void Play(int agent, Span<float> action)
    {
        const double near = 0.35, gain = 3, damping = 0.8, push = 1.5;
        var force = (_targets[agent] - Places[agent]) * gain - Velocities[agent] * damping;
        for (var other = 0; other < Count; other++)
        {
            if (other != agent) force += Evasion.Of(Places[agent] - Places[other], near, push);
        }

        (action[0], action[1]) = Pushes(force.X);
        (action[2], action[3]) = Pushes(force.Y);
    }

    /// <inheritdoc/>
    public override Picture Draw()
    {
        const double radius = Diameter / 2, edge = Wall + radius;
        return new(-edge, -edge, 2 * edge, 2 * edge,
        [
            .. _targets.Select((target, agent) => new Mark(Form.Square, Ink.Target, target.X, target.Y, radius / 2, $"{agent}")),
            .. Places.Select((place, agent) => new Mark(Form.Disc, Ink.Agent, place.X, place.Y, radius, $"{agent}")),
        ]);
    }

    private static (float Forward, float Back) Pushes(double force) => ((float)Math.Clamp(force, 0, 1), (float)Math.Clamp(-force, 0, 1));

    private void Move(int agent, PlanePoint force)
    {
        var velocity = Velocities[agent] * Kept + force * Thrust;
        (Places[agent], Velocities[agent]) = PlaneBorder.Stop(Places[agent] + velocity * TimeStep, velocity, Wall);
    }

    /// <summary>u_i.</summary>
    private double Own(int agent, ReadOnlySpan<float> action)
    {
        var reward = -(Places[agent] - _targets[agent]).Length;
        foreach (double push in action) reward -= ActionCost * push * push;
        for (var other = 0; other < Count; other++)
        {
            if (other != agent && (Places[other] - Places[agent]).Squared < Diameter * Diameter) reward -= 1;
        }

        return reward;
    }
}
