using System.Text.Json;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests.Particles;

/// <summary>Every recorded episode of the reference programs is repeated step by step.</summary>
public class ParticleReferenceTests
{
    private const double StateTolerance = 1e-9;
    private const double ObservationTolerance = 1e-6;

    // Soft actions were recorded in double precision; the game takes single precision and contacts amplify the difference.
    private const double SoftTolerance = 1e-4;

    public static TheoryData<string> Episodes => new(ReferenceData.Files("mpe", "*.json"));

    [Theory]
    [MemberData(nameof(Episodes))]
    public void An_episode_repeats(string file)
    {
        var replay = new ParticleReplay(file, copies: 21);
        var tolerance = replay.IsSoft ? SoftTolerance : 0;
        AssertObservations(replay, replay.InitialObservations, ObservationTolerance);
        var rewards = new double[replay.Agents * replay.Game.Copies];
        var terminated = new bool[replay.Game.Copies];
        foreach (var step in replay.Steps)
        {
            replay.Game.Step(replay.Actions(step), rewards, terminated);
            AssertStep(replay, step, rewards, tolerance);
            Assert.All(terminated, Assert.False);
        }
    }

    /// <summary>With forces and words in the precision in which the programs had them.</summary>
    [Theory]
    [MemberData(nameof(Episodes))]
    public void The_physics_repeat_under_the_recorded_forces(string file)
    {
        var replay = new ParticleReplay(file);
        var rewards = new double[replay.Agents];
        foreach (var step in replay.Steps)
        {
            for (var agent = 0; agent < replay.Agents; agent++) Steer(replay, agent, replay.Action(agent, step));
            replay.Game.Move(0, rewards);
            AssertStep(replay, step, rewards, 0);
        }
    }

    private static void Steer(ParticleReplay replay, int agent, double[] action)
    {
        var (scene, lane, forces, spec) = (replay.Game.Task.Scene, replay.Game.State[0], replay.Game.Forces[0], replay.Game.Spec);
        var moves = scene.Moves(agent) ? 5 : 0;
        if (spec.Agents[agent].Actions is ActionSpace.Discrete) action = OneHot((int)action[0], moves, scene.Agents[agent].Speaks ? scene.Words : 0);
        if (moves > 0)
        {
            forces[scene.Force(agent)] = Push(action[1], action[2]);
            forces[scene.Force(agent) + 1] = Push(action[3], action[4]);
        }

        foreach (var (word, number) in action.Skip(moves).Index())
            lane[scene.Said(agent) + word] = spec.Rules == "openai" ? number : (float)number;

        double Push(double first, double second) =>
            (spec.Rules == "openai" ? first - second : (float)second - (float)first) * scene.Agents[agent].Acceleration;
    }

    private static double[] OneHot(int action, int moves, int words) =>
    [
        .. Enumerable.Range(0, moves).Select(move => action % moves == move ? 1.0 : 0),
        .. Enumerable.Range(0, words).Select(word => action / Math.Max(1, moves) == word ? 1.0 : 0),
    ];

    private static void AssertStep(ParticleReplay replay, JsonElement step, double[] rewards, double tolerance)
    {
        var (scene, copies, stateTolerance) = (replay.Game.Task.Scene, replay.Game.Copies, Math.Max(tolerance, StateTolerance));
        for (var copy = 0; copy < copies; copy++)
        {
            var lane = replay.Game.State[copy];
            for (var agent = 0; agent < replay.Agents; agent++)
            {
                Equal("positions", scene.Position(agent));
                Equal("velocities", scene.Velocity(agent));
                if (scene.Agents[agent].Speaks) Equal("comms", scene.Said(agent));
                Assert.Equal(replay.Of(agent, step.GetProperty("rewards")).GetDouble(), rewards[agent * copies + copy], stateTolerance);

                void Equal(string name, int row)
                {
                    foreach (var (i, number) in ParticleReplay.Numbers(step.GetProperty(name)[agent]).Index())
                        Assert.Equal(number, lane[row + i], stateTolerance);
                }
            }
        }

        AssertObservations(replay, step.GetProperty("obs"), Math.Max(tolerance, ObservationTolerance));
    }

    private static void AssertObservations(ParticleReplay replay, JsonElement expected, double tolerance)
    {
        var spec = replay.Game.Spec;
        var states = new float[replay.Game.Copies * spec.StateSize];
        replay.Game.WriteState(states);
        var before = 0;
        for (var agent = 0; agent < replay.Agents; agent++)
        {
            var numbers = ParticleReplay.Numbers(replay.Of(agent, expected));
            var size = spec.Agents[agent].ObservationSize;
            var observations = new float[replay.Game.Copies * size];
            replay.Game.Observe(agent, observations);
            Assert.Equal(numbers.Length, size);
            for (var i = 0; i < observations.Length; i++)
            {
                Assert.Equal(numbers[i % size], observations[i], tolerance);
                Assert.Equal(observations[i], states[i / size * spec.StateSize + before + i % size]);
            }

            before += size;
        }
    }
}
