using Madrl.Environments.Games.Warehouse;
using Madrl.Environments.Tests.Games;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>Observations, written down from their description once more.</summary>
public class WarehouseSightTests
{
    [Theory]
    [InlineData(1, "agents=30")]
    [InlineData(2, "agents=30 difficulty=easy size=small")]
    [InlineData(3, "agents=30")]
    [InlineData(4, "agents=4 size=small column-height=3")]
    [InlineData(5, "agents=6 column-height=1 difficulty=hard")]
    public void An_agent_sees_what_is_there(int range, string options)
    {
        const int copies = 3;
        var batch = new PlayedBatch(GameCases.Create(copies, "rware", "robotic-warehouse", $"{options} sensor-range={range}"));
        for (var step = 0; step < 60; step++)
        {
            batch.Step(step);
            for (var copy = 0; copy < copies; copy++) AssertSeen((WarehouseGame)batch.Game, copy, range);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void In_the_corners_there_is_nothing_beyond(int range)
    {
        var game = new RecordedWarehouse(1, new WarehouseOptions { Agents = 4, SensorRange = range });
        var (right, bottom) = (game.Layout.Width - 1, game.Layout.Height - 1);
        game.Set(0, [[0, 0, 0, 0], [right, 0, 1, 0], [0, bottom, 2, 0], [right, bottom, 3, 0]], [], [1, 2, 3, 4]);
        AssertSeen(game, 0, range);
    }

    private static void AssertSeen(WarehouseGame game, int copy, int range)
    {
        for (var agent = 0; agent < game.Spec.Agents.Count; agent++)
        {
            var size = game.Spec.Agents[agent].ObservationSize;
            var observations = new float[game.Copies * size];
            game.Observe(agent, observations);
            Assert.Equal(Seen(game, copy, agent, range), observations[(copy * size)..((copy + 1) * size)]);
        }
    }

    private static float[] Seen(WarehouseGame game, int copy, int agent, int range)
    {
        var (robots, shelves, queue) = (game.Robots(copy), game.Shelves(copy), game.Queue(copy));
        var own = robots[agent];
        var onHighway = game.Layout.IsHighway(game.Layout.At(own[0], own[1])) ? 1 : 0;
        List<float> seen = [own[0], own[1], own[3] != 0 ? 1 : 0, .. OneHot(own[2]), onHighway];
        for (var y = own[1] - range; y <= own[1] + range; y++)
        {
            for (var x = own[0] - range; x <= own[0] + range; x++)
            {
                var robot = Array.Find(robots, robot => robot[0] == x && robot[1] == y);
                var shelf = 1 + Array.FindIndex(shelves, shelf => shelf[0] == x && shelf[1] == y);
                seen.AddRange([robot is null ? 0 : 1, .. OneHot(robot?[2] ?? 0), shelf > 0 ? 1 : 0, queue.Contains(shelf) ? 1 : 0]);
            }
        }

        return [.. seen];
    }

    private static IEnumerable<float> OneHot(int heading) => Enumerable.Range(0, 4).Select(i => i == heading ? 1f : 0);
}
