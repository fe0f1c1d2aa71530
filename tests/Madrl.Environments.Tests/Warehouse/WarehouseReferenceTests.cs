using System.Text.Json;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>Every recorded episode of the reference program is repeated step by step.</summary>
public class WarehouseReferenceTests
{
    private const int Copies = 4;

    public static TheoryData<string> Episodes => new(ReferenceData.Files("rware", "*.json"));

    [Theory]
    [MemberData(nameof(Episodes))]
    public void The_layout_is_the_recorded_one(string file)
    {
        var replay = new WarehouseReplay(file);
        var game = new RecordedWarehouse(1, replay.Options);
        var layout = game.Layout;
        Assert.Equal(replay["grid_size"].GetProperty("width").GetInt32(), layout.Width);
        Assert.Equal(replay["grid_size"].GetProperty("height").GetInt32(), layout.Height);
        Assert.Equal(WarehouseReplay.Lists(replay["goals"]), layout.Goals.Select(goal => new[] { layout.X(goal), layout.Y(goal) }));
        var highways = Enumerable.Range(0, layout.Height)
            .Select(y => string.Concat(Enumerable.Range(0, layout.Width).Select(x => layout.IsHighway(layout.At(x, y)) ? '1' : '0')));
        Assert.Equal(replay["highways"].EnumerateArray().Select(row => row.GetString()), highways);
        Assert.Equal(replay.RequestCount, game.Requests);
        Assert.Equal(WarehouseReplay.Numbers(replay["shelf_ids"]), Enumerable.Range(1, layout.Places.Length));
    }

    [Theory]
    [MemberData(nameof(Episodes))]
    public void An_episode_repeats(string file)
    {
        // Copy k begins k steps later than the first: the copies of a batch are in different states.
        var replay = new WarehouseReplay(file);
        var game = new RecordedWarehouse(Copies, replay.Options);
        var shelves = replay.Shelves();
        for (var copy = 0; copy < Copies; copy++) replay.Begin(game, copy);
        for (var copy = 0; copy < Copies; copy++) AssertObservations(game, copy, replay["initial_obs"]);
        float[][] actions = [.. game.Spec.Agents.Select(_ => new float[Copies])];
        var (rewards, terminated) = (new double[game.Spec.Agents.Count * Copies], new bool[Copies]);
        for (var time = 0; time < replay.Steps.Count + Copies - 1; time++)
        {
            for (var copy = 0; copy < Copies; copy++) Choose(replay, game, copy, time - copy, actions);
            game.Step(actions, rewards, terminated);
            for (var copy = 0; copy < Copies; copy++)
            {
                var step = time - copy;
                if (step < 0 || step >= replay.Steps.Count) continue;
                AssertStep(game, copy, replay.Steps[step], rewards);
                Assert.Equal(shelves[step + 1], game.Shelves(copy));
            }

            Assert.All(terminated, Assert.False);
        }
    }

    private static void Choose(WarehouseReplay replay, RecordedWarehouse game, int copy, int step, float[][] actions)
    {
        var plays = step >= 0 && step < replay.Steps.Count;
        for (var agent = 0; agent < actions.Length; agent++)
            actions[agent][copy] = plays ? replay.Steps[step].GetProperty("actions")[agent].GetInt32() : 0;
        if (!plays) return;
        foreach (var request in WarehouseReplay.Numbers(replay.Steps[step].GetProperty("new_requests")))
            game.NextRequests(copy).Enqueue(request);
    }

    private static void AssertStep(RecordedWarehouse game, int copy, JsonElement step, double[] rewards)
    {
        for (var agent = 0; agent < game.Spec.Agents.Count; agent++)
            Assert.Equal(step.GetProperty("rewards")[agent].GetDouble(), rewards[agent * Copies + copy], 1e-9);
        Assert.Equal(WarehouseReplay.Lists(step.GetProperty("agents")), game.Robots(copy));
        Assert.Equal(WarehouseReplay.Numbers(step.GetProperty("queue")), game.Queue(copy));
        Assert.Empty(game.NextRequests(copy));
        AssertObservations(game, copy, step.GetProperty("obs"));
    }

    private static void AssertObservations(RecordedWarehouse game, int copy, JsonElement recorded)
    {
        var states = new float[Copies * game.Spec.StateSize];
        game.WriteState(states);
        for (var agent = 0; agent < game.Spec.Agents.Count; agent++)
        {
            var expected = WarehouseReplay.Observation(recorded[agent]);
            var observations = new float[Copies * expected.Length];
            game.Observe(agent, observations);
            Assert.Equal(expected, observations.AsSpan(copy * expected.Length, expected.Length));
            Assert.Equal(expected, states.AsSpan(copy * game.Spec.StateSize + agent * expected.Length, expected.Length));
        }
    }
}
