using Madrl.Environments.Games.Particles;

namespace Madrl.Environments.Tests.Particles;

/// <summary>Discs that lie exactly upon one another: there is no direction to push them in.</summary>
public class ParticleContactTests
{
    // Of simple-tag: adversaries 0 to 2, the good agent 3, obstacles 4 and 5.
    private static readonly int[] _entities = [0, 1, 2, 3, 4, 5];

    [Theory]
    [InlineData("mpe2")]
    [InlineData("openai")]
    public void Discs_at_the_same_point_do_not_push_each_other(string rules)
    {
        var game = Apart(rules);
        foreach (var disc in new[] { 0, 1, 4 }) game.Put(copy: 0, disc, 0.3, -0.2);
        game.Put(copy: 1, 0, 0.3, -0.2);
        game.Put(copy: 1, 1, 0.4, -0.2);
        AssertFinite(game, game.Step(game.Zeros()));

        var (scene, together, touching) = (game.Task.Scene, game.State[0], game.State[1]);
        foreach (var agent in Enumerable.Range(0, 4))
            Assert.Equal((0.0, 0.0), (together[scene.Velocity(agent)], together[scene.Velocity(agent) + 1]));
        foreach (var agent in new[] { 0, 1 })
            Assert.Equal((0.3, -0.2), (together[scene.Position(agent)], together[scene.Position(agent) + 1]));

        // The copy beside it has a contact in the same step.
        Assert.True(touching[scene.Velocity(0)] < 0 && touching[scene.Velocity(1)] > 0);
    }

    [Theory]
    [InlineData("mpe2")]
    [InlineData("openai")]
    public void Discs_that_go_together_stay_together(string rules)
    {
        var game = Apart(rules);
        foreach (var disc in new[] { 0, 1, 4 }) game.Put(copy: 0, disc, 0.3, -0.2);
        for (var step = 0; step < 20; step++) AssertFinite(game, game.Step([[1, 1], [1, 1], [0, 0], [0, 0]]));

        var (scene, lane) = (game.Task.Scene, game.State[0]);
        Assert.NotEqual(0.3, lane[scene.Position(0)]);
        foreach (var axis in new[] { 0, 1 })
        {
            Assert.Equal(lane[scene.Position(0) + axis], lane[scene.Position(1) + axis]);
            Assert.Equal(lane[scene.Velocity(0) + axis], lane[scene.Velocity(1) + axis]);
        }
    }

    /// <summary>Two copies of simple-tag in which nobody touches anybody.</summary>
    private static ParticleGame Apart(string rules)
    {
        var game = ParticleBatch.Begun("simple-tag", rules, "", copies: 2);
        foreach (var copy in new[] { 0, 1 })
        {
            foreach (var entity in _entities) game.Put(copy, entity, 5 * entity, 9);
        }

        return game;
    }

    private static void AssertFinite(ParticleGame game, double[] rewards)
    {
        var states = new float[game.Copies * game.Spec.StateSize];
        game.WriteState(states);
        Assert.All(states, number => Assert.True(float.IsFinite(number)));
        Assert.All(rewards, reward => Assert.True(double.IsFinite(reward)));
        for (var agent = 0; agent < game.Spec.Agents.Count; agent++)
        {
            var observations = new float[game.Copies * game.Spec.Agents[agent].ObservationSize];
            game.Observe(agent, observations);
            Assert.All(observations, number => Assert.True(float.IsFinite(number)));
        }
    }
}
