using Madrl.Environments.Games.Warehouse;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Warehouse;

public class WarehousePropertyTests
{
    private const int Steps = 400;

    [Theory]
    [InlineData(2, WarehouseDifficulty.Normal)]
    [InlineData(40, WarehouseDifficulty.Hard)]
    public void Robots_move_by_the_rules(int agents, WarehouseDifficulty difficulty)
    {
        var play = new WarehousePlay(new WarehouseOptions { Agents = agents, Difficulty = difficulty }, copies: 3, driven: true);
        for (var step = 0; step < Steps; step++)
        {
            var before = Enumerable.Range(0, 3).Select(play.Robots).ToArray();
            var wishes = Enumerable.Range(0, 3).Select(copy => Wishes(play, copy, step)).ToArray();
            play.Step(step);
            for (var copy = 0; copy < 3; copy++)
            {
                int[] cells = [.. before[copy].Select(robot => (int)robot.Cell)];
                var goers = new PlainTraffic(cells, wishes[copy]).Goers();
                var expected = cells.Select((cell, robot) => goers.Contains(robot) ? wishes[copy][robot] : cell);
                Assert.Equal(expected, play.Robots(copy).Select(robot => (int)robot.Cell));
                AssertSound(play.Game, copy);
            }
        }
    }

    [Fact]
    public void A_copy_has_the_same_bits_in_any_split_of_the_copies()
    {
        var options = new WarehouseOptions { Agents = 12 };
        int[] sizes = [1, 1, 2, 13];
        var whole = new WarehousePlay(options, sizes.Sum(), driven: true);
        WarehousePlay[] parts =
            [.. sizes.Index().Select(size => new WarehousePlay(options, size.Item, sizes[..size.Index].Sum(), driven: true))];
        for (var step = 0; step < 100; step++)
        {
            whole.Step(step);
            foreach (var part in parts) part.Step(step);
            Assert.Equal(whole.States, parts.SelectMany(part => part.States));
            var rewards = parts.SelectMany(part => Enumerable.Range(0, part.Game.Copies).Select(part.Rewards));
            Assert.Equal(Enumerable.Range(0, whole.Game.Copies).Select(whole.Rewards), rewards);
        }
    }

    [Fact]
    public void A_copy_does_not_feel_its_neighbours()
    {
        var options = new WarehouseOptions { Agents = 6 };
        var (quiet, disturbed) = (new WarehousePlay(options, 3), new WarehousePlay(options, 3));
        disturbed.Game.Reset(0, new KeyedRandom(99, RandomPurpose.Reset, 0, 0, 5));
        disturbed.Game.Reset(2, new KeyedRandom(99, RandomPurpose.Reset, 2, 0, 5));
        for (var step = 0; step < 100; step++)
        {
            quiet.Step(step);
            disturbed.Step(step);
            Assert.Equal(quiet.State(1), disturbed.State(1));
            Assert.NotEqual(quiet.State(0), disturbed.State(0));
        }
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var play = new WarehousePlay(new WarehouseOptions { Agents = 9 }, copies: 10, driven: true);
        var scripted = new float[10];
        for (var step = 0; step < 60; step++) Play(step);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 60; step++) Play(step);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Play(int step)
        {
            play.Step(step);
            play.Game.ActScripted(step % 9, scripted);
            if (step % 10 == 0) play.Game.Reset(step / 10, new KeyedRandom(1, RandomPurpose.Reset, step, 0, 1));
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
        var game = new WarehousePlay(new WarehouseOptions { Agents = 3 }, copies).Game;
        var robots = Enumerable.Range(0, copies).SelectMany(copy => Enumerable.Range(0, 3).Select(i => game.Floors[copy].Robot(i))).ToArray();
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
        var game = (WarehouseGame)new WarehouseDefinition().Create(1, new WarehouseOptions { Agents = 1, Difficulty = WarehouseDifficulty.Easy });
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

    /// <summary>Cells where robots want to be next; the own one where a robot does not go ahead or cannot.</summary>
    private static int[] Wishes(WarehousePlay play, int copy, int step)
    {
        var floor = play.Game.Floors[copy];
        return [.. play.Robots(copy).Select((robot, index) =>
        {
            var ahead = play.Game.Layout.Ahead(robot.Cell, robot.Heading);
            if (play.Action(step, copy, index) != 1 || !play.Game.Layout.IsInside(ahead)) return robot.Cell;
            var standsAhead = Enumerable.Range(1, play.Game.Layout.Places.Length)
                .Any(shelf => floor.CellOf(shelf) == ahead && play.Robots(copy).All(other => other.Shelf != shelf));
            return robot.Shelf != 0 && standsAhead ? robot.Cell : ahead;
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
