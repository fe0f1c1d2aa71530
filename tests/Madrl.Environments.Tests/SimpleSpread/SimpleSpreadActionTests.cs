using Madrl.Environments.Games.SimpleSpread;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.SimpleSpread;

/// <summary>Bad arguments are refused with the agent, the copy and the value.</summary>
public class SimpleSpreadActionTests
{
    [Theory]
    [InlineData(5, "5")]
    [InlineData(-1, "-1")]
    [InlineData(1.5f, "1.5")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(1e20f, "E+20")]
    public void A_discrete_action_outside_its_space_is_named(float action, string text)
    {
        var game = Create("mpe2", SpreadActions.Discrete);
        var error = Assert.Throws<ArgumentException>(() => Step(game, [[0, 0], [1, action], [4, 4]]));
        Assert.Contains("agent 1 in copy 1", error.Message);
        Assert.Contains(text, error.Message);
        Assert.Equal("actions", error.ParamName);
    }

    [Fact]
    public void A_refused_step_changes_nothing()
    {
        var game = Create("mpe2", SpreadActions.Discrete);
        var (before, after) = (new float[2 * game.Spec.StateSize], new float[2 * game.Spec.StateSize]);
        game.WriteState(before);
        Assert.Throws<ArgumentException>(() => Step(game, [[1, 1], [1, 1], [1, 7]]));
        game.WriteState(after);
        Assert.Equal(before, after);
    }

    [Fact]
    public void A_continuous_action_must_be_a_number()
    {
        var game = Create("mpe2", SpreadActions.Continuous);
        var actions = Zeros(game);
        actions[2][8] = float.NaN;
        var error = Assert.Throws<ArgumentException>(() => Step(game, actions));
        Assert.Contains("agent 2 in copy 1 is NaN", error.Message);
    }

    [Fact]
    public void Continuous_actions_are_clipped_as_the_rules_say()
    {
        var (clipped, wild) = (Create("mpe2", SpreadActions.Continuous), Create("mpe2", SpreadActions.Continuous));
        foreach (var game in new[] { clipped, wild }) game.SetState(0, [-1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], new double[6]);
        var (limits, beyond) = (Zeros(clipped), Zeros(wild));
        (limits[0][1], beyond[0][1]) = (1, 7);
        (limits[0][2], beyond[0][2]) = (0, -3);
        (limits[1][3], beyond[1][3]) = (1, float.PositiveInfinity);
        Step(clipped, limits);
        Step(wild, beyond);
        Assert.Equal(clipped.World.VelocityX, wild.World.VelocityX);
        Assert.Equal(clipped.World.VelocityY, wild.World.VelocityY);
        Assert.Equal(-0.5, clipped.World.VelocityX[0], 1e-12);
    }

    [Theory]
    [InlineData(1.01f)]
    [InlineData(-0.01f)]
    [InlineData(float.NaN)]
    public void A_soft_action_is_a_probability(float number)
    {
        var game = Create("openai", SpreadActions.Soft);
        var actions = Zeros(game);
        actions[0][9] = number;
        var error = Assert.Throws<ArgumentException>(() => Step(game, actions));
        Assert.Contains("agent 0 in copy 1", error.Message);
    }

    [Fact]
    public void Wrong_lengths_are_named()
    {
        var game = Create("mpe2", SpreadActions.Discrete);
        Assert.Contains("agent 1", Assert.Throws<ArgumentException>(() => Step(game, [[0, 0], [0], [0, 0]])).Message);
        Assert.Contains("3 agents", Assert.Throws<ArgumentException>(() => Step(game, [[0, 0]])).Message);
        Assert.Throws<ArgumentException>("rewards", () => game.Step(Zeros(game), new double[5], new bool[2]));
        Assert.Throws<ArgumentException>("terminated", () => game.Step(Zeros(game), new double[6], new bool[3]));
        Assert.Throws<ArgumentException>("observations", () => game.Observe(0, new float[35]));
        Assert.Throws<ArgumentException>("states", () => game.WriteState(new float[35]));
        Assert.Throws<ArgumentException>("actions", () => game.ActScripted(0, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => game.Observe(3, new float[36]));
        Assert.Throws<ArgumentOutOfRangeException>(() => game.Reset(2, new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 0)));
    }

    private static SimpleSpreadGame Create(string rules, SpreadActions actions) =>
        new SpreadBatch(rules, new SimpleSpreadOptions { Actions = actions }, 2).Game;

    private static float[][] Zeros(SimpleSpreadGame game) =>
        [.. game.Spec.Agents.Select(agent => new float[game.Copies * agent.Actions.Width])];

    private static void Step(SimpleSpreadGame game, float[][] actions) => game.Step(actions, new double[6], new bool[2]);
}
