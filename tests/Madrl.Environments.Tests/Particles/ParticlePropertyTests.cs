using FsCheck;
using FsCheck.Fluent;
using Madrl.Environments.Games.Particles.Tasks;
using Madrl.Environments.Tests.Games;

namespace Madrl.Environments.Tests.Particles;

public class ParticlePropertyTests
{
    private const int Steps = 25;

    private static readonly Config _fewCases = Config.QuickThrowOnFailure.WithMaxTest(25);

    [Theory]
    [InlineData("mpe2")]
    [InlineData("openai")]
    public void Relabelled_agents_get_relabelled_rewards(string rules) =>
        Check.One(_fewCases, Prop.ForAll(Gen.Shuffle(new[] { 0, 1, 2, 3, 4 }).ToArbitrary(), order =>
        {
            var (plain, relabelled) = (Circle(rules, i => i), Circle(rules, i => order[i]));
            for (var step = 0; step < Steps; step++)
            {
                float[][] actions = [.. Enumerable.Range(0, order.Length).Select(i => new float[] { (3 * step + i) % 5 })];
                var rewards = plain.Step(actions);
                var relabelledRewards = relabelled.Step([.. order.Select(i => actions[i])]);
                for (var agent = 0; agent < order.Length; agent++) Assert.Equal(rewards[order[agent]], relabelledRewards[agent], 1e-9);
            }
        }));

    [Fact]
    public void Contacts_conserve_momentum()
    {
        var game = ParticleBatch.Begun("simple-spread", "mpe2", "agents=4", copies: 1);
        var (scene, lane) = (game.Task.Scene, game.State[0]);
        foreach (var agent in Enumerable.Range(0, 4)) game.Put(0, agent, 0.1 * agent, 0.05 * agent * agent);
        (lane[scene.Velocity(0)], lane[scene.Velocity(1) + 1]) = (0.8, -0.4);
        for (var step = 1; step <= Steps; step++)
        {
            game.Step(game.Zeros());
            Assert.Equal(0.8 * Math.Pow(0.75, step), Momentum(0), 1e-12);
            Assert.Equal(-0.4 * Math.Pow(0.75, step), Momentum(1), 1e-12);
        }

        Assert.NotEqual(0, lane[scene.Velocity(3)]);

        double Momentum(int axis) => Enumerable.Range(0, 4).Sum(agent => lane[scene.Velocity(agent) + axis]);
    }

    [Fact]
    public void Nobody_is_faster_than_allowed()
    {
        var game = ParticleBatch.Begun("simple-tag", "openai", "", copies: 1);
        var (scene, lane) = (game.Task.Scene, game.State[0]);
        foreach (var agent in Enumerable.Range(0, 4)) game.Put(0, agent, 3 * agent, 3);
        for (var step = 0; step < Steps; step++) game.Step([[1], [1], [1], [1]]);
        foreach (var (agent, limit) in new[] { 1, 1, 1, 1.3 }.Index()) Assert.Equal(limit, lane[scene.Velocity(agent)], 1e-12);
    }

    [Fact]
    public void Initial_states_are_uniform_in_the_square_and_at_rest()
    {
        const int copies = 2000;
        var game = ParticleBatch.Begun("simple-world-comm", "mpe2", "", copies);
        var scene = game.Task.Scene;
        for (var entity = 0; entity < scene.Entities; entity++)
        {
            var spread = entity < scene.Agents.Length ? 1 : 0.9;
            foreach (var row in Enumerable.Range(scene.Position(entity), 2))
            {
                double[] coordinates = [.. Enumerable.Range(0, copies).Select(copy => game.State[copy][row])];
                Assert.All(coordinates, coordinate => Assert.True(coordinate >= -spread && coordinate < spread));
                Assert.Equal(0, coordinates.Average(), 0.06);
                Assert.Equal(spread * spread / 3, coordinates.Average(x => x * x), 0.03);
            }
        }

        foreach (var row in Enumerable.Range(scene.Velocity(0), 2 * scene.Agents.Length))
            Assert.All(Enumerable.Range(0, copies), copy => Assert.Equal(0, game.State[copy][row]));
    }

    [Fact]
    public void Every_landmark_is_the_goal_as_often_as_the_others()
    {
        const int copies = 3000;
        var game = ParticleBatch.Begun("simple-reference", "mpe2", "", copies);
        var task = (SimpleReferenceTask)game.Task;
        var pairs = Enumerable.Range(0, copies)
            .CountBy(copy => (task.Goals(0).Chosen(game.State[copy]), task.Goals(1).Chosen(game.State[copy]))).ToArray();
        Assert.Equal(9, pairs.Length);
        Assert.All(pairs, pair => Assert.Equal(copies / 9.0, pair.Value, 60.0));
    }

    [Theory]
    [InlineData(0.89, 0)]
    [InlineData(0.95, 0.5)]
    [InlineData(-0.95, 0.5)]
    [InlineData(1, 1)]
    [InlineData(-1.5, Math.E)]
    [InlineData(2.2, 10)]
    public void Being_outside_costs(double x, double cost)
    {
        var game = ParticleBatch.Begun("simple-tag", "mpe2", "obstacles=0 adversaries=1", copies: 1);
        game.Put(0, 0, -5, -5);
        game.Put(0, 1, x, 0);
        Assert.Equal(-cost, game.Step([[0], [0]])[1], 1e-9);
    }

    /// <summary>Five agents on a small circle, in the given order, and landmarks on a large one.</summary>
    private static Madrl.Environments.Games.Particles.ParticleGame Circle(string rules, Func<int, int> place)
    {
        var game = ParticleBatch.Begun("simple-spread", rules, "agents=5", copies: 1);
        foreach (var i in Enumerable.Range(0, 5))
        {
            game.Put(0, i, 0.3 * Math.Cos(1.2 * place(i) + 0.1), 0.3 * Math.Sin(1.2 * place(i) + 0.1));
            game.Put(0, 5 + i, 0.8 * Math.Cos(1.2 * i + 0.1), 0.8 * Math.Sin(1.2 * i + 0.1));
        }

        return game;
    }
}
