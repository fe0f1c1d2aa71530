using Madrl.Environments.Games.Foraging;

namespace Madrl.Environments.Tests.Foraging;

/// <summary>Single steps on a field of 5 x 6, worked out by hand.</summary>
public class ForagingRuleTests
{
    private const int None = 0, North = 1, South = 2, West = 3, East = 4, Load = 5;

    [Theory]
    [InlineData(0, 0, North, 0, 0)]
    [InlineData(0, 0, West, 0, 0)]
    [InlineData(4, 5, South, 4, 5)]
    [InlineData(4, 5, East, 4, 5)]
    [InlineData(4, 5, North, 3, 5)]
    [InlineData(4, 0, East, 4, 1)]
    [InlineData(2, 1, East, 2, 1)] // Onto the food.
    [InlineData(3, 2, North, 3, 2)]
    [InlineData(3, 2, West, 3, 1)]
    [InlineData(3, 2, Load, 3, 2)]
    public void A_move_off_the_field_or_onto_a_food_is_nothing(int row, int column, int action, int newRow, int newColumn)
    {
        var game = Game([(row, column, 1)], [(2, 2, 5)]);
        Step(game, action);
        Assert.Equal([(newRow, newColumn)], game.Field.PlayersAt(0));
    }

    [Fact]
    public void Of_those_that_wish_to_the_same_cell_none_moves()
    {
        var game = Game([(1, 1, 1), (1, 3, 1), (0, 2, 1), (4, 4, 1)], []);
        Step(game, East, West, South, North);
        Assert.Equal([(1, 1), (1, 3), (0, 2), (3, 4)], game.Field.PlayersAt(0));
    }

    [Fact]
    public void Two_players_swap_and_a_row_moves_on()
    {
        var game = Game([(1, 1, 1), (1, 2, 1), (3, 1, 1), (3, 2, 1)], []);
        Step(game, East, West, East, East);
        Assert.Equal([(1, 2), (1, 1), (3, 2), (3, 3)], game.Field.PlayersAt(0));
    }

    [Fact]
    public void Who_moves_to_a_cell_that_was_to_be_left_gets_there_all_the_same()
    {
        // Player 1 and 2 stop each other at (1, 3); nobody but player 0 wished to be where player 1 stays.
        var game = Game([(1, 1, 1), (1, 2, 1), (1, 4, 1)], []);
        Step(game, East, East, West);
        Assert.Equal([(1, 2), (1, 2), (1, 4)], game.Field.PlayersAt(0));
    }

    [Fact]
    public void Nobody_moves_to_one_who_stays()
    {
        var game = Game([(1, 1, 1), (1, 2, 1)], []);
        Step(game, East, None);
        Assert.Equal([(1, 1), (1, 2)], game.Field.PlayersAt(0));
    }

    [Fact]
    public void A_food_is_shared_by_level_among_all_who_load_it()
    {
        var game = Game([(1, 2, 2), (2, 1, 1), (2, 3, 1)], [(2, 2, 3), (2, 5, 1)]);
        var rewards = Step(game, Load, Load, None);
        Assert.Equal([2.0 * 3 / (3 * 4), 1.0 * 3 / (3 * 4), 0], rewards);
        Assert.Equal([(2, 5, 1)], game.Field.FoodsAt(0));
        Assert.Equal(4, game.Field.Spawned(0));
    }

    [Fact]
    public void Players_that_are_too_weak_together_pay_the_penalty()
    {
        var game = Game([(1, 2, 1), (2, 1, 1), (2, 3, 1), (4, 4, 1)], [(2, 2, 3)], penalty: 0.25);
        Assert.Equal([-0.25, 0, -0.25, 0], Step(game, Load, None, Load, Load));
        Assert.Equal([(2, 2, 3)], game.Field.FoodsAt(0));
        Assert.Equal([0, 0, 0, 0], Step(game, None, None, None, Load));
    }

    [Fact]
    public void A_player_counts_where_it_stands_after_the_moves()
    {
        // Player 1 comes to stand beside the food in this step, and loads only in the next.
        var game = Game([(2, 1, 1), (1, 3, 1)], [(2, 2, 2)]);
        Assert.Equal([0, 0], Step(game, Load, West));
        Assert.Equal([0.5, 0.5], Step(game, Load, Load));
    }

    [Fact]
    public void Two_foods_are_loaded_in_one_step_and_end_the_game()
    {
        var game = Game([(1, 0, 2), (3, 5, 1)], [(1, 1, 2), (3, 4, 1)]);
        var rewards = new double[2];
        var terminated = new bool[1];
        game.Step([[Load], [None]], rewards, terminated);
        Assert.Equal([2.0 / 3, 0], rewards);
        Assert.False(terminated[0]);
        game.Step([[Load], [Load]], rewards, terminated);
        Assert.Equal([0, 1.0 / 3], rewards);
        Assert.True(terminated[0]);
    }

    [Fact]
    public void Near_the_first_edges_players_are_seen_further_than_foods()
    {
        // From (0, 1) with sight 1 foods are seen in rows 0 to 1 and columns 0 to 2, players in rows 0 to 2.
        var game = Game([(0, 1, 1), (2, 2, 2), (3, 1, 1)], [(1, 2, 2), (2, 4, 1)], sight: 1);
        var observation = new float[15];
        game.Observe(0, observation);
        Assert.Equal([1, 2, 2, -1, -1, 0, 0, 1, 1, 2, 2, 2, -1, -1, 0], observation);
        game.Observe(2, observation);
        Assert.Equal([-1, -1, 0, -1, -1, 0, 1, 1, 1, 0, 2, 2, -1, -1, 0], observation);
    }

    private static ForagingGame Game(
        (int Row, int Column, int Level)[] players, (int Row, int Column, int Level)[] foods, double penalty = 0, int sight = 0)
    {
        var game = (ForagingGame)new ForagingDefinition().Create(1, new ForagingOptions
        {
            Rows = 5, Columns = 6, Players = players.Length, Foods = 2, Penalty = penalty, Sight = sight,
        });
        game.Field.Set(0, players, foods);
        return game;
    }

    private static double[] Step(ForagingGame game, params int[] actions)
    {
        var rewards = new double[actions.Length];
        game.Step([.. actions.Select(action => new float[] { action })], rewards, new bool[1]);
        return rewards;
    }
}
