using Madrl.Environments.Games.Warehouse;
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
            var ways = new Ways(layout, onHighways);
            for (var target = 0; target < ways.Targets.Length; target++)
            {
                foreach (var cell in layout.Inside)
                {
                    for (var heading = 0; heading < Heading.Count; heading++)
                    {
                        var steps = ways.Steps(target, cell, heading);
                        Assert.True(ways.Steps(target, cell) <= steps);
                        var successors = Successors(layout, ways, onHighways, target, cell, heading);
                        if (cell == ways.Targets[target]) Assert.Equal(0, steps);
                        else Assert.Equal(steps, 1 + successors.Min(next => ways.Steps(target, next.Cell, next.Heading)));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("", 25)]
    [InlineData("agents=4", 50)]
    [InlineData("agents=4 difficulty=hard", 40)]
    [InlineData("agents=2 difficulty=easy", 26)]
    [InlineData("size=small agents=4", 30)]
    [InlineData("size=medium agents=8", 55)]
    [InlineData("size=large agents=19 difficulty=easy", 100)]
    [InlineData("agents=2 reward-type=two-stage", 25)]
    [InlineData("agents=2 reward-type=global", 50)]
    public async Task The_scripted_player_delivers_much_and_chance_nearly_nothing(string options, double least)
    {
        var (scripted, random) = (Create(options), Create(options));
        var returns = await ReturnsAsync(scripted, new ScriptedActors(scripted));
        Assert.All(returns, value => Assert.True(value >= least, $"{value}"));
        Assert.InRange((await ReturnsAsync(random, new RandomActors(random.Spec, 1))).Average(), 0, 1);
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
        WarehouseLayout layout, Ways ways, bool onHighways, int target, int cell, int heading)
    {
        yield return (cell, Heading.LeftOf(heading));
        yield return (cell, Heading.RightOf(heading));
        var ahead = layout.Ahead(cell, heading);
        if (layout.IsInside(ahead) && (!onHighways || layout.IsHighway(ahead) || ahead == ways.Targets[target])) yield return (ahead, heading);
    }

    private static async Task<double[]> ReturnsAsync(IMarkovGame game, IActors actors)
    {
        var rollout = new Rollout(game.Spec, game.Copies);
        await new RolloutCollector(game, seed: 1, firstCopy: 0)
            .CollectAsync(actors, ActingMode.Greedy, RandomPurpose.TestReset, episode: 0, rollout);
        var returns = new double[game.Copies];
        EpisodeReturns.Compute(rollout, returns);
        return returns;
    }

    private static IMarkovGame Create(string options) => new WarehouseDefinition().Create(Episodes, "robotic-warehouse",
        options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]));
}
