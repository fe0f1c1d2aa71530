using System.Text.Json;
using Madrl.Environments.Games;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests.SimpleSpread;

/// <summary>Every recorded episode of the reference programs is repeated step by step.</summary>
public class SimpleSpreadReferenceTests
{
    private const double StateTolerance = 1e-9;
    private const double ObservationTolerance = 1e-6;

    // Soft actions were recorded in double precision; the game takes single precision and contacts amplify the difference.
    private const double SoftTolerance = 1e-4;

    public static TheoryData<string> Episodes => new(ReferenceData.Files("mpe", "simple_spread.*.json"));

    [Theory]
    [MemberData(nameof(Episodes))]
    public void An_episode_repeats(string file)
    {
        var replay = new SpreadReplay(file, copies: 5);
        var scale = replay.IsSoft ? SoftTolerance : 0;
        AssertObservations(replay, replay.InitialObservations, ObservationTolerance);
        var rewards = new double[replay.Agents * replay.Game.Copies];
        var terminated = new bool[replay.Game.Copies];
        foreach (var step in replay.Steps)
        {
            replay.Game.Step(replay.Actions(step), rewards, terminated);
            AssertStep(replay, step, rewards, Math.Max(scale, StateTolerance), Math.Max(scale, ObservationTolerance));
            Assert.All(terminated, Assert.False);
        }
    }

    [Theory]
    [MemberData(nameof(Episodes))]
    public void The_physics_repeat_under_the_recorded_forces(string file)
    {
        var replay = new SpreadReplay(file);
        var isDiscrete = replay.Game.Spec.Agents[0].Actions is ActionSpace.Discrete;
        var sign = replay.Game.Spec.Rules == "openai" ? 1 : -1;
        var rewards = new double[replay.Agents];
        foreach (var step in replay.Steps)
        {
            for (var agent = 0; agent < replay.Agents; agent++)
            {
                var action = replay.Action(agent, step);
                double[] mix = isDiscrete ? [.. Enumerable.Range(0, 5).Select(i => i == (int)action[0] ? 1.0 : 0)] : action;
                var world = replay.Game.World;
                world.ForceX[agent * world.Stride] = Push(mix[1], mix[2]);
                world.ForceY[agent * world.Stride] = Push(mix[3], mix[4]);
            }

            replay.Game.Advance(rewards);
            AssertStep(replay, step, rewards, StateTolerance, ObservationTolerance);
        }

        // Soft actions were recorded in double, continuous ones in single precision.
        double Push(double first, double second) =>
            sign * (replay.IsSoft ? first - second : (float)first - (float)second) * ParticleWorld.Acceleration;
    }

    private static void AssertStep(
        SpreadReplay replay, JsonElement step, double[] rewards, double stateTolerance, double observationTolerance)
    {
        var world = replay.Game.World;
        for (var agent = 0; agent < replay.Agents; agent++)
        {
            var position = SpreadReplay.Numbers(step.GetProperty("positions")[agent]);
            var velocity = SpreadReplay.Numbers(step.GetProperty("velocities")[agent]);
            var reward = replay.Of(agent, step.GetProperty("rewards")).GetDouble();
            for (var copy = 0; copy < replay.Game.Copies; copy++)
            {
                var i = agent * world.Stride + copy;
                Assert.Equal(position[0], world.X[i], stateTolerance);
                Assert.Equal(position[1], world.Y[i], stateTolerance);
                Assert.Equal(velocity[0], world.VelocityX[i], stateTolerance);
                Assert.Equal(velocity[1], world.VelocityY[i], stateTolerance);
                Assert.Equal(reward, rewards[agent * replay.Game.Copies + copy], stateTolerance);
            }
        }

        AssertObservations(replay, step.GetProperty("obs"), observationTolerance);
    }

    private static void AssertObservations(SpreadReplay replay, JsonElement expected, double tolerance)
    {
        var spec = replay.Game.Spec;
        var states = new float[replay.Game.Copies * spec.StateSize];
        replay.Game.WriteState(states);
        for (var agent = 0; agent < replay.Agents; agent++)
        {
            var numbers = SpreadReplay.Numbers(replay.Of(agent, expected));
            var size = spec.Agents[agent].ObservationSize;
            var observations = new float[replay.Game.Copies * size];
            replay.Game.Observe(agent, observations);
            Assert.Equal(numbers.Length, size);
            for (var i = 0; i < observations.Length; i++)
            {
                Assert.Equal(numbers[i % size], observations[i], tolerance);
                Assert.Equal(observations[i], states[i / size * spec.StateSize + agent * size + i % size]);
            }
        }
    }
}
