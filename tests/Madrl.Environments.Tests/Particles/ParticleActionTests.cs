using Madrl.Environments.Games.Particles;

namespace Madrl.Environments.Tests.Particles;

/// <summary>Bad actions are refused with the agent, the copy and the value, or clipped where the rules say so.</summary>
public class ParticleActionTests
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
        var game = ParticleBatch.Begun("simple-spread", "mpe2", "");
        var error = Assert.Throws<ArgumentException>("actions", () => game.Step([[0, 0], [1, action], [4, 4]]));
        Assert.Contains("agent 1 in copy 1", error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Contains("a whole number from 0 to 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_step_changes_nothing()
    {
        var game = ParticleBatch.Begun("simple-spread", "mpe2", "");
        var (before, after) = (new float[2 * game.Spec.StateSize], new float[2 * game.Spec.StateSize]);
        game.WriteState(before);
        Assert.Throws<ArgumentException>(() => game.Step([[1, 1], [1, 1], [1, 7]]));
        game.WriteState(after);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Continuous_actions_are_clipped_as_the_rules_say()
    {
        ParticleGame[] games =
            [.. Enumerable.Range(0, 2).Select(_ => ParticleBatch.Begun("simple-spread", "mpe2", "actions=continuous", copies: 1))];
        foreach (var game in games)
        {
            foreach (var agent in Enumerable.Range(0, 3)) game.Put(0, agent, agent - 1, 0);
        }

        var (limits, beyond) = (games[0].Zeros(), games[1].Zeros());
        (limits[0][1], beyond[0][1]) = (1, 7);
        (limits[0][2], beyond[0][2]) = (0, -3);
        (limits[1][3], beyond[1][3]) = (1, float.PositiveInfinity);
        games[0].Step(limits);
        games[1].Step(beyond);
        var velocity = games[0].Task.Scene.Velocity(0);
        foreach (var row in Enumerable.Range(velocity, 6)) Assert.Equal(games[0].State[0][row], games[1].State[0][row]);
        Assert.Equal(-0.5, games[1].State[0][velocity], 1e-12);
    }

    [Theory]
    [InlineData(1.01f)]
    [InlineData(-0.01f)]
    [InlineData(float.NaN)]
    public void A_soft_action_lies_between_0_and_1(float number)
    {
        var game = ParticleBatch.Begun("simple-spread", "openai", "actions=soft");
        var actions = game.Zeros();
        actions[0][9] = number;
        var error = Assert.Throws<ArgumentException>("actions", () => game.Step(actions));
        Assert.Contains("agent 0 in copy 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mpe2", -1)]
    [InlineData("openai", 1)]
    public void A_move_and_a_word_are_one_discrete_action(string rules, int sign)
    {
        var game = ParticleBatch.Begun("simple-reference", rules, "", copies: 50);
        var scene = game.Task.Scene;
        Assert.Equal(new ActionSpace.Discrete(50), game.Spec.Agents[0].Actions);
        float[] all = [.. Enumerable.Range(0, 50)];
        game.Step([all, new float[50]]);
        foreach (var action in Enumerable.Range(0, 50))
        {
            var (lane, move) = (game.State[action], action % 5);
            Assert.Equal(sign * 0.5 * (move == 1 ? 1 : move == 2 ? -1 : 0), lane[scene.Velocity(0)], 1e-12);
            Assert.Equal(sign * 0.5 * (move == 3 ? 1 : move == 4 ? -1 : 0), lane[scene.Velocity(0) + 1], 1e-12);
            Assert.Equal(
                Enumerable.Range(0, 10).Select(word => word == action / 5 ? 1.0 : 0),
                Enumerable.Range(scene.Said(0), 10).Select(row => game.State[action][row]));
        }
    }
}
