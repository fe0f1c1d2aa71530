using Madrl.Environments.Games.Warehouse;
using Madrl.Environments.Tests.Games;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Warehouse;

public class WarehousePropertyTests
{
    [Theory]
    [InlineData("agents=2")]
    [InlineData("agents=40 difficulty=hard")]
    public void Robots_move_by_the_rules(string options)
    {
        const int copies = 3;
        var game = (WarehouseGame)GameCases.Create(copies, "rware", "robotic-warehouse", options);
        for (var copy = 0; copy < copies; copy++) game.Reset(copy, new KeyedRandom(1, RandomPurpose.Reset, copy, 0, 0));
        var agents = game.Spec.Agents.Count;
        for (var step = 0; step < 400; step++)
        {
            float[][] actions = [.. Enumerable.Range(0, agents).Select(robot => Driven(copies, robot, step))];
            var wishes = Enumerable.Range(0, copies).Select(copy => Wishes(game, copy, actions)).ToArray();
            var before = Enumerable.Range(0, copies).Select(copy => Cells(game, copy)).ToArray();
            game.Step(actions, new double[agents * copies], new bool[copies]);
            for (var copy = 0; copy < copies; copy++)
            {
                var goers = new PlainTraffic(before[copy], wishes[copy]).Goers();
                Assert.Equal(before[copy].Select((cell, robot) => goers.Contains(robot) ? wishes[copy][robot] : cell), Cells(game, copy));
                AssertSound(game, copy);
            }
        }
    }

    [Fact]
    public void A_batch_that_was_never_reset_is_in_an_initial_state()
    {
        var game = (WarehouseGame)new WarehouseDefinition().Create(3, new WarehouseOptions { Agents = 4 });
        for (var copy = 0; copy < 3; copy++) AssertSound(game, copy);
        game.Step([.. Enumerable.Repeat(new float[] { 1, 1, 1 }, 4)], new double[12], new bool[3]);
        for (var copy = 0; copy < 3; copy++) AssertSound(game, copy);
    }

    [Fact]
    public void Initial_states_are_uniform()
    {
        const int copies = 3000;
        var game = (WarehouseGame)new PlayedBatch(GameCases.Create(copies, "rware", "robotic-warehouse", "agents=3")).Game;
        Robot[] robots =
            [.. Enumerable.Range(0, copies).SelectMany(copy => Enumerable.Range(0, 3).Select(i => game.Floors[copy].Robot(i)))];
        Assert.All(robots, robot => Assert.Equal((0, false), (robot.Shelf, robot.HasDelivered)));
        AssertUniform(robots.Select(robot => (int)robot.Heading), [.. Enumerable.Range(0, 4)]);
        AssertUniform(robots.Select(robot => (int)robot.Cell), [.. game.Layout.Inside]);
        for (var place = 0; place < 3; place++)
            AssertUniform(Enumerable.Range(0, copies).Select(copy => game.Floors[copy].Requested(place)), [.. Enumerable.Range(1, 32)]);
        for (var copy = 0; copy < copies; copy++) AssertSound(game, copy);
    }

    [Fact]
    public void New_requests_are_uniform_over_the_shelves_that_are_not_requested()
    {
        // One robot stands at a goal; its shelf is made the requested one again and again. The other request stays.
        const int times = 6000;
        var game = (WarehouseGame)GameCases.Create(1, "rware", "robotic-warehouse", "agents=1 difficulty=easy");
        game.Reset(0, new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 0));
        game.Floors.Clear(0);
        var floor = game.Floors[0];
        foreach (var (i, cell) in game.Layout.Places.Index()) floor.PlaceShelf(i + 1, i == 4 ? game.Layout.Goals[1] : cell);
        floor.PlaceRobot(0, game.Layout.Goals[1], heading: 0, shelf: 5);
        floor.Request(0, 5);
        floor.Request(1, 20);
        List<int> drawn = [];
        var rewards = new double[1];
        for (var i = 0; i < times; i++)
        {
            if (floor.Requested(0) != 5) floor.Replace(floor.Requested(0), 5);
            if (floor.Requested(1) != 20) floor.Replace(floor.Requested(1), 20);
            game.Step([[0]], rewards, new bool[1]);
            Assert.Equal((1, 20), (rewards[0], floor.Requested(1)));
            drawn.Add(floor.Requested(0));
        }

        AssertUniform(drawn, [.. Enumerable.Range(1, 32).Where(shelf => shelf is not 5 and not 20)]);
    }

    /// <summary>Random actions, mostly ahead, which makes for crowds and for shelves that are carried far.</summary>
    private static float[] Driven(int copies, int robot, int step) => [.. Enumerable.Range(0, copies).Select(copy =>
    {
        var random = new KeyedRandom(1, RandomPurpose.RandomPolicy, copy, robot, step);
        return random.NextInt32(2) == 0 ? 1f : random.NextInt32(5);
    })];

    private static int[] Cells(WarehouseGame game, int copy) => [.. game.Robots(copy).Select(robot => game.Layout.At(robot[0], robot[1]))];

    /// <summary>Cells where robots want to be next; the own one where a robot does not go ahead or cannot.</summary>
    private static int[] Wishes(WarehouseGame game, int copy, float[][] actions)
    {
        var robots = game.Robots(copy);
        int[] shelves = [.. game.Shelves(copy).Select(shelf => game.Layout.At(shelf[0], shelf[1]))];
        return [.. Cells(game, copy).Select((cell, index) =>
        {
            var ahead = game.Layout.Ahead(cell, robots[index][2]);
            if (actions[index][copy] != 1 || !game.Layout.IsInside(ahead)) return cell;
            var shelfAhead = 1 + Array.IndexOf(shelves, ahead);
            var standsAhead = shelfAhead > 0 && robots.All(other => other[3] != shelfAhead);
            return robots[index][3] != 0 && standsAhead ? cell : ahead;
        })];
    }

    /// <summary>Nobody and nothing shares a cell with its like, requests differ, and the cells show what is there.</summary>
    private static void AssertSound(WarehouseGame game, int copy)
    {
        var (layout, floor) = (game.Layout, game.Floors[copy]);
        Robot[] robots = [.. Enumerable.Range(0, game.Spec.Agents.Count).Select(i => floor.Robot(i))];
        int[] shelves = [.. Enumerable.Range(1, layout.Places.Length).Select(floor.CellOf)];
        int[] queue = [.. Enumerable.Range(0, game.Requests).Select(floor.Requested)];
        Assert.Equal(robots.Length, robots.Select(robot => robot.Cell).Distinct().Count());
        Assert.Equal(shelves.Length, shelves.Distinct().Count());
        Assert.Equal(queue.Length, queue.Distinct().Count());
        var expected = new int[layout.Cells];
        for (var cell = 0; cell < expected.Length; cell++) expected[cell] = layout.IsInside(cell) ? 0 : Cell.Outside;
        foreach (var cell in shelves) expected[cell] |= Cell.Shelf;
        foreach (var shelf in queue) expected[shelves[shelf - 1]] |= Cell.Requested;
        foreach (var robot in robots)
        {
            expected[robot.Cell] |= Cell.Robot | robot.Heading | (robot.Shelf != 0 ? Cell.Carried : 0);
            if (robot.Shelf != 0) Assert.Equal(robot.Cell, shelves[robot.Shelf - 1]);
        }

        Assert.Equal(expected, Enumerable.Range(0, layout.Cells).Select(cell => (int)floor[cell]));
    }

    /// <summary>χ² within 5 standard deviations of its mean.</summary>
    private static void AssertUniform(IEnumerable<int> drawn, int[] values)
    {
        var counts = drawn.CountBy(value => value).ToDictionary();
        Assert.Empty(counts.Keys.Except(values));
        var expected = (double)counts.Values.Sum() / values.Length;
        var square = values.Sum(value => Math.Pow(counts.GetValueOrDefault(value) - expected, 2) / expected);
        Assert.InRange(square, 0, values.Length - 1 + 5 * Math.Sqrt(2 * (values.Length - 1)));
    }
}
