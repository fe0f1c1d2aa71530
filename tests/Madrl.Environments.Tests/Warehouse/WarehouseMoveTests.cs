using static Madrl.Environments.Tests.Warehouse.SmallestWarehouse;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>Who goes where, and with which shelf.</summary>
public class WarehouseMoveTests
{
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

    private static void AssertAt(RecordedWarehouse game, int[] robot, int[] shelf)
    {
        Assert.Equal([robot], game.Robots(0));
        Assert.Equal(shelf, game.Shelves(0)[0]);
    }
}
