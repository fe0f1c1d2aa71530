using Madrl.Environments.Games.Warehouse;
using static Madrl.Environments.Tests.Warehouse.SmallestWarehouse;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>What a delivery earns, and what is requested after it.</summary>
public class WarehouseRewardTests
{
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
}
