using Madrl.Environments.Games.Warehouse;
using Madrl.Environments.Tests.Games;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>The floor and the mark that learning is measured by.</summary>
public class WarehousePlayerTests
{
    private const int Episodes = 10;

    [Theory]
    [InlineData(WarehouseSize.Tiny, 8)]
    [InlineData(WarehouseSize.Tiny, 1)]
    [InlineData(WarehouseSize.Small, 5)]
    [InlineData(WarehouseSize.Medium, 8)]
    [InlineData(WarehouseSize.Large, 16)]
    public void Every_way_can_be_gone_in_the_steps_it_is_said_to_take(WarehouseSize size, int columnHeight)
    {
        var layout = new RecordedWarehouse(1, new WarehouseOptions { Size = size, ColumnHeight = columnHeight }).Layout;
        foreach (var onHighways in new[] { false, true })
        {
            var paths = new TravelTimes(layout, onHighways);
            for (var target = 0; target < paths.Targets.Length; target++)
            {
                foreach (var cell in layout.Inside)
                {
                    for (var heading = 0; heading < Heading.Count; heading++)
                    {
                        var steps = paths.Steps(target, cell, heading);
                        Assert.True(paths.Steps(target, cell) <= steps);
                        var successors = Successors(layout, paths, onHighways, target, cell, heading);
                        if (cell == paths.Targets[target]) Assert.Equal(0, steps);
                        else Assert.Equal(steps, 1 + successors.Min(next => paths.Steps(target, next.Cell, next.Heading)));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("", 29)]
    [InlineData("agents=4", 55)]
    [InlineData("agents=4 difficulty=hard", 45)]
    [InlineData("agents=2 difficulty=easy", 30)]
    [InlineData("size=small agents=4", 35)]
    [InlineData("size=medium agents=8", 65)]
    [InlineData("size=large agents=19 difficulty=easy", 120)]
    [InlineData("agents=2 reward-type=two-stage", 28)]
    [InlineData("agents=2 reward-type=global", 58)]
    public void The_scripted_player_delivers_much_and_chance_nearly_nothing(string options, double least)
    {
        var game = Create(options);
        Assert.InRange(GameReturns.Mean(game, new ScriptedActors(game)), least, double.PositiveInfinity);
        Assert.InRange(GameReturns.Mean(game, new RandomActors(game.Spec, 1)), 0, 1);
    }

    [Fact]
    public void What_robots_do_follows_from_the_present_state()
    {
        // A game that is put into the states of another one, in which other things have gone before.
        var options = new WarehouseOptions { Agents = 8 };
        var batch = new PlayedBatch(new WarehouseDefinition().Create(1, options));
        var played = (WarehouseGame)batch.Game;
        float[][] actions = [.. Enumerable.Range(0, options.Agents).Select(_ => new float[1])];
        for (var step = 0; step < 60; step++)
        {
            var other = new RecordedWarehouse(1, options);
            other.Set(0, played.Robots(0), played.Shelves(0), played.Queue(0));
            for (var agent = 0; agent < options.Agents; agent++)
            {
                var expected = new float[1];
                other.ActScripted(agent, expected);
                played.ActScripted(agent, actions[agent]);
                Assert.Equal(expected, actions[agent]);
            }

            if (step % 3 == 0) batch.Step(step); // At random, which no plan has foreseen.
            else played.Step(actions, new double[options.Agents], new bool[1]);
        }
    }

    [Theory]
    [InlineData("agents=20")]
    [InlineData("agents=31")]
    [InlineData("agents=63 difficulty=hard")]
    [InlineData("size=small agents=40")]
    [InlineData("size=large agents=64")]
    [InlineData("size=small agents=8 column-height=2")]
    public void Nobody_gets_stuck_in_a_crowd(string options)
    {
        // Later, too, shelves are delivered in every copy.
        const int steps = 1500;
        var game = Create(options);
        float[][] actions = [.. game.Spec.Agents.Select(_ => new float[Episodes])];
        var (rewards, terminated, late) = (new double[actions.Length * Episodes], new bool[Episodes], new double[Episodes]);
        for (var copy = 0; copy < Episodes; copy++) game.Reset(copy, new KeyedRandom(1, RandomPurpose.TestReset, copy, 0, 0));
        for (var step = 0; step < steps; step++)
        {
            for (var agent = 0; agent < actions.Length; agent++) game.ActScripted(agent, actions[agent]);
            game.Step(actions, rewards, terminated);
            if (step < steps - 300) continue;
            for (var i = 0; i < rewards.Length; i++) late[i % Episodes] += rewards[i];
        }

        Assert.All(late, deliveries => Assert.True(deliveries > 50, string.Join(' ', late)));
    }

    private static IEnumerable<(int Cell, int Heading)> Successors(
        WarehouseLayout layout, TravelTimes paths, bool onHighways, int target, int cell, int heading)
    {
        yield return (cell, Heading.LeftOf(heading));
        yield return (cell, Heading.RightOf(heading));
        var ahead = layout.Ahead(cell, heading);
        var isOpen = !onHighways || layout.IsHighway(ahead) || ahead == paths.Targets[target];
        if (isOpen && layout.IsInside(ahead)) yield return (ahead, heading);
    }

    private static IMarkovGame Create(string options) => GameCases.Create(Episodes, "rware", "robotic-warehouse", options);
}
