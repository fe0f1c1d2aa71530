using Madrl.Environments.Games.Warehouse;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>
/// Single situations on the smallest floor: columns 0, 3 to 6 and 9 and rows 0, 9 and 10 are highways, the goals (4, 10) and (5, 10).
/// </summary>
public class WarehouseRulesTests
{
    private const int Up = 0;
    private const int Down = 1;
    private const int Left = 2;
    private const int Right = 3;

    private const int Nothing = 0;
    private const int Ahead = 1;
    private const int TurnLeft = 2;
    private const int TurnRight = 3;
    private const int Load = 4;

    [Theory]
    [InlineData(TurnLeft, new[] { Left, Right, Down, Up })]
    [InlineData(TurnRight, new[] { Right, Left, Up, Down })]
    public void A_robot_turns_on_the_spot(int turn, int[] after)
    {
        for (var heading = 0; heading < 4; heading++)
        {
            var game = Game([[3, 4, heading, 0]]);
            game.Step(turn);
            Assert.Equal([[3, 4, after[heading], 0]], game.Robots(0));
        }
    }

    [Theory]
    [InlineData(0, 0, Up)]
    [InlineData(9, 10, Down)]
    [InlineData(0, 5, Left)]
    [InlineData(9, 5, Right)]
    public void Nobody_leaves_the_grid(int x, int y, int heading)
    {
        var game = Game([[x, y, heading, 0]]);
        game.Step(Ahead);
        Assert.Equal([[x, y, heading, 0]], game.Robots(0));
    }

    [Fact]
    public void A_shelf_is_picked_up_carried_and_put_down_off_the_highway()
    {
        var game = Game([[1, 1, Left, 0]]);
        game.Step(Load);
        Assert.Equal([[1, 1, Left, 1]], game.Robots(0));
        game.Step(Ahead);
        AssertAt(game, [0, 1, Left, 1], shelf: [0, 1]);
        game.Step(Load); // On a highway.
        game.Step(TurnLeft);
        game.Step(TurnLeft);
        game.Step(Ahead);
        game.Step(Load);
        AssertAt(game, [1, 1, Right, 0], shelf: [1, 1]);
        game.Step(Ahead); // Without the shelf, beneath the next.
        AssertAt(game, [2, 1, Right, 0], shelf: [1, 1]);
    }

    [Fact]
    public void A_carried_shelf_does_not_pass_a_standing_one()
    {
        var game = Game([[1, 1, Right, 1]]);
        game.Step(Ahead);
        Assert.Equal([[1, 1, Right, 1]], game.Robots(0));
    }

    [Fact]
    public void A_carried_shelf_follows_a_carried_one()
    {
        // Shelf 1 from (1, 1) behind shelf 5 from (1, 2), which a robot takes out of the block.
        var game = Game([[1, 1, Down, 1], [1, 2, Left, 5]]);
        game.Step(Ahead, Ahead);
        Assert.Equal([[1, 2, Down, 1], [0, 2, Left, 5]], game.Robots(0));
        Assert.Equal([1, 2], game.Shelves(0)[0]);
        Assert.Equal([0, 2], game.Shelves(0)[4]);
    }

    [Fact]
    public void Nobody_drives_onto_a_shelf_while_it_is_picked_up()
    {
        var game = Game([[1, 1, Down, 1], [1, 2, Left, 0]]);
        game.Step(Ahead, Load);
        Assert.Equal([[1, 1, Down, 1], [1, 2, Left, 5]], game.Robots(0));
    }

    [Fact]
    public void Two_do_not_change_places()
    {
        int[][] robots = [[4, 2, Right, 0], [5, 2, Left, 0], [3, 2, Right, 0]];
        var game = Game(robots);
        game.Step(Ahead, Ahead, Ahead);
        Assert.Equal(robots, game.Robots(0));
    }

    [Fact]
    public void Four_go_in_a_circle_and_who_pushes_from_outside_stays()
    {
        var game = Game([[4, 3, Right, 0], [4, 4, Up, 0], [5, 4, Left, 0], [5, 3, Down, 0], [3, 3, Right, 0]]);
        game.Step(Ahead, Ahead, Ahead, Ahead, Ahead);
        Assert.Equal([[5, 3, Right, 0], [4, 3, Up, 0], [4, 4, Left, 0], [5, 4, Down, 0], [3, 3, Right, 0]], game.Robots(0));
    }

    [Fact]
    public void The_longest_chain_goes()
    {
        // Robots 0 alone and 2 before 1 wish (4, 5).
        var game = Game([[3, 5, Right, 0], [6, 5, Left, 0], [5, 5, Left, 0]]);
        game.Step(Ahead, Ahead, Ahead);
        Assert.Equal([[3, 5, Right, 0], [5, 5, Left, 0], [4, 5, Left, 0]], game.Robots(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_equally_long_chains_the_one_with_the_lowest_last_robot_goes(int lowest)
    {
        int[][] robots = [[3, 5, Right, 0], [5, 5, Left, 0]];
        var game = Game(lowest == 0 ? robots : [robots[1], robots[0]]);
        game.Step(Ahead, Ahead);
        Assert.Equal(lowest == 0 ? [[4, 5, Right, 0], [5, 5, Left, 0]] : [[4, 5, Left, 0], [3, 5, Right, 0]], game.Robots(0));
    }

    [Fact]
    public void Who_waits_for_a_standing_robot_stays()
    {
        int[][] robots = [[3, 5, Right, 0], [4, 5, Right, 0], [5, 5, Up, 0]];
        foreach (var action in new[] { Nothing, TurnLeft, Load })
        {
            var game = Game(robots);
            game.Step(Ahead, Ahead, action);
            Assert.Equal(robots[..2], game.Robots(0)[..2]);
        }
    }

    [Theory]
    [InlineData(WarehouseReward.Global, new[] { 1.0, 1 })]
    [InlineData(WarehouseReward.Individual, new[] { 0.0, 1 })]
    [InlineData(WarehouseReward.TwoStage, new[] { 0, 0.5 })]
    public void A_delivery_is_rewarded_and_another_shelf_requested(WarehouseReward type, double[] rewards)
    {
        var game = Game([[0, 0, Up, 0], [5, 9, Down, 7]], [3, 7], type);
        game.NextRequests(0).Enqueue(9);
        Assert.Equal(rewards, game.Step(Nothing, Ahead));
        Assert.Equal([3, 9], game.Queue(0));
        Assert.Equal([0.0, 0], game.Step(Nothing, Nothing));
    }

    [Fact]
    public void Two_deliver_at_once_from_the_left_goal_on()
    {
        var game = Game([[5, 9, Down, 7], [4, 9, Down, 8]], [7, 8], WarehouseReward.Global);
        game.NextRequests(0).Enqueue(1);
        game.NextRequests(0).Enqueue(2);
        Assert.Equal([2.0, 2], game.Step(Ahead, Ahead));
        Assert.Equal([2, 1], game.Queue(0));
    }

    [Fact]
    public void A_shelf_that_is_requested_while_it_is_at_a_goal_is_delivered()
    {
        // Shelf 7, at the right goal, in the same step, as that goal is looked at later; shelf 8, at the left one, in the next.
        var game = Game([[5, 9, Down, 7], [4, 9, Down, 8]], [8, 9]);
        game.NextRequests(0).Enqueue(7);
        game.NextRequests(0).Enqueue(8);
        game.NextRequests(0).Enqueue(5);
        Assert.Equal([1.0, 1], game.Step(Ahead, Ahead));
        Assert.Equal([8, 9], game.Queue(0));
        Assert.Equal([0.0, 1], game.Step(Nothing, Nothing));
        Assert.Equal([5, 9], game.Queue(0));
    }

    [Fact]
    public void What_nobody_requested_is_not_delivered()
    {
        var game = Game([[5, 9, Down, 7], [0, 0, Up, 0]], [1, 2], WarehouseReward.Global);
        Assert.Equal([0.0, 0], game.Step(Ahead, Nothing));
    }

    [Fact]
    public void The_second_half_of_the_reward_comes_once_the_shelf_is_back()
    {
        // Shelf 31 stands in (7, 8), next to column 6.
        var game = Game([[6, 8, Right, 31]], [31], WarehouseReward.TwoStage);
        Assert.Equal([0.0], game.Step(Ahead));
        Assert.Equal([0.0], game.Step(Load)); // Put down without a delivery.
        game = Game([[4, 9, Down, 31]], [31], WarehouseReward.TwoStage);
        game.NextRequests(0).Enqueue(1);
        Assert.Equal([0.5], game.Step(Ahead));
        int[] back = [TurnLeft, Ahead, Ahead, TurnLeft, Ahead, Ahead, TurnRight, Ahead];
        Assert.All(back, action => Assert.Equal([0.0], game.Step(action)));
        Assert.Equal([[7, 8, Right, 31]], game.Robots(0));
        Assert.Equal([0.5], game.Step(Load));
        Assert.Equal([0.0], game.Step(Load));
        Assert.Equal([0.0], game.Step(Load)); // The reward is not there a second time.
    }

    private static void AssertAt(RecordedWarehouse game, int[] robot, int[] shelf)
    {
        Assert.Equal([robot], game.Robots(0));
        Assert.Equal(shelf, game.Shelves(0)[0]);
    }

    private static RecordedWarehouse Game(
        int[][] robots, int[]? queue = null, WarehouseReward type = WarehouseReward.Individual)
    {
        var game = new RecordedWarehouse(1, new WarehouseOptions { Agents = robots.Length, RewardType = type });
        var shelves = game.Layout.Places.Select(cell => new[] { game.Layout.X(cell), game.Layout.Y(cell) }).ToArray();
        foreach (var robot in robots.Where(robot => robot[3] != 0)) shelves[robot[3] - 1] = robot[..2];
        game.Set(0, robots, shelves, queue ?? [.. Enumerable.Range(20, robots.Length)]);
        return game;
    }
}
