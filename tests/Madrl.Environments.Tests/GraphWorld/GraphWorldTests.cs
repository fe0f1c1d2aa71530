using FsCheck;
using FsCheck.Fluent;
using Madrl.Environments.Drawing;
using Madrl.Environments.Games.GraphWorld;
using Madrl.Environments.Tests.Games;
using Madrl.Environments.Tests.Scalar;

namespace Madrl.Environments.Tests.GraphWorld;

public class GraphWorldTests
{
    private static readonly Config _fewCases = Config.QuickThrowOnFailure.WithMaxTest(25);

    [Theory]
    [InlineData(8, 0.5, 0, 4)]
    [InlineData(1, 0.5, 0, 4)]
    [InlineData(20, 0.7, 3, 4)]
    [InlineData(12, 0.3, 12, 1)]
    [InlineData(9, 3, 2, 32)]
    [InlineData(5, 0, 1, 2)]
    [InlineData(5, 1, 1, 0)]
    public void It_goes_by_its_page(int agents, double radius, int targets, int neighbours) => PlainGame.AssertSame(
        new GraphWorldGame(new GraphWorldOptions { Agents = agents, Radius = radius, Targets = targets, Neighbours = neighbours }),
        () => new PlainGraphWorld(agents, radius, targets, neighbours), episodes: 20, steps: 40);

    [Fact]
    public void Nobody_leaves_the_square_and_rewards_are_bounded()
    {
        var game = new GraphWorldGame(new GraphWorldOptions()).Begun();
        for (var step = 0; step < 400; step++)
        {
            Assert.All(game.Step(game.RandomActions(step < 200 ? 1UL : 2UL, step)), reward => Assert.InRange(reward, -2, 0));
            Assert.All(game.State(), coordinate => Assert.InRange(coordinate, -1, 1));
        }

        for (var step = 0; step < 21; step++) game.Step([.. game.Agents.Select((_, agent) => new float[] { agent % 4 })]);
        Assert.Equal((1, -1, 1, -1), (game.Places[0].X, game.Places[1].X, game.Places[2].Y, game.Places[3].Y));
    }

    [Fact]
    public void A_move_and_the_opposite_one_lead_back()
    {
        var game = new GraphWorldGame(new GraphWorldOptions { Agents = 2 }).Begun();
        (game.Places[0], game.Places[1]) = (new(0.3, 0.4), new(-0.2, 0.85));
        game.Step([[0], [2]]);
        Assert.Equal(0.4, game.Places[0].X, 1e-12);
        Assert.Equal(0.95, game.Places[1].Y, 1e-12);
        game.Step([[1], [3]]);
        Assert.Equal(0.3, game.Places[0].X, 1e-12);
        Assert.Equal(0.85, game.Places[1].Y, 1e-12);
        Assert.Equal((0.4, -0.2), (game.Places[0].Y, game.Places[1].X));
    }

    [Fact]
    public void Relabelled_agents_see_and_earn_the_same_to_the_bit() =>
        Check.One(_fewCases, Prop.ForAll(Gen.Shuffle(Enumerable.Range(0, 8).ToArray()).ToArbitrary(), order =>
        {
            var options = new GraphWorldOptions { Targets = 2, Radius = 0.8 };
            var (plain, relabelled) = (new GraphWorldGame(options).Begun(), new GraphWorldGame(options).Begun());
            for (var agent = 0; agent < order.Length; agent++) relabelled.Places[agent] = plain.Places[order[agent]];
            for (var step = 0; step < 20; step++)
            {
                var actions = plain.RandomActions(5, step);
                var rewards = plain.Step(actions);
                Assert.Equal(order.Select(agent => rewards[agent]), relabelled.Step([.. order.Select(agent => actions[agent])]));
                Assert.Equal(order.Select(plain.Seen), order.Select((_, agent) => relabelled.Seen(agent)));
            }
        }));

    [Fact]
    public void The_neighbourhood_is_a_graph()
    {
        const int nodes = 5;
        var game = new GraphWorldGame(new GraphWorldOptions { Agents = 12, Radius = 0.6 }).Begun();
        var counts = new HashSet<int>();
        for (var step = 0; step < 50; step++)
        {
            game.Step(game.RandomActions(3, step));
            for (var agent = 0; agent < 12; agent++)
            {
                var seen = game.Seen(agent);
                var (present, adjacency) = (seen[(2 + 5 * nodes)..(2 + 6 * nodes)], seen[(2 + 6 * nodes)..]);
                var count = (int)present.Sum();
                counts.Add(count);
                for (var i = 0; i < nodes; i++)
                {
                    Assert.Equal(i < count ? 1 : 0, present[i]);
                    Assert.Equal(present[i], adjacency[i * nodes + i]);
                    Assert.Equal(present[i], adjacency[i]); // All are linked with the observer.
                    for (var j = 0; j < nodes; j++) Assert.Equal(adjacency[i * nodes + j], adjacency[j * nodes + i]);
                    if (i >= count) Assert.All(seen[(2 + 5 * i)..(7 + 5 * i)], number => Assert.Equal(0, number));
                }
            }
        }

        Assert.Equal([1, 2, 3, 4, 5], counts.Order());
    }

    [Theory]
    [InlineData("", 4.5)]
    [InlineData("targets=4 agents=20", 1.7)]
    public void The_scripted_players_stand_on_their_targets(string options, double worst)
    {
        var game = GameCases.Create(200, "graph-world", "standard", options);
        var perAgent = GameReturns.Mean(game, new ScriptedActors(game)) / game.Spec.Agents.Count;
        Assert.InRange(perAgent, -worst, 0);
        Assert.True(GameReturns.Mean(game, new RandomActors(game.Spec, 1)) / game.Spec.Agents.Count < 3 * perAgent);
    }

    [Fact]
    public void Agents_targets_and_links_are_drawn_where_they_are()
    {
        var game = new GraphWorldGame(new GraphWorldOptions { Agents = 3, Radius = 0.5 }).Begun();
        (game.Places[0], game.Places[1], game.Places[2]) = (new(0, 0.5), new(0.25, 0.5), new(-0.75, -1));
        var marks = game.Draw().Marks;
        Assert.Equal(new Mark(Form.Line, Ink.Link, 0, 0.5, 0, ToX: 0.25, ToY: 0.5), Assert.Single(marks, mark => mark.Form == Form.Line));
        Assert.Equal((0, 0), Assert.Single(marks.Where(mark => mark.Ink == Ink.Target).Select(mark => (mark.X, mark.Y))));
        Assert.Equal(
            [(0, 0.5, "0"), (0.25, 0.5, "1"), (-0.75, -1, "2")],
            marks.Where(mark => mark.Ink == Ink.Agent).Select(mark => (mark.X, mark.Y, mark.Label)));
    }

    [Theory]
    [InlineData("agents=0", "agents: it takes a whole number from 1 to 128")]
    [InlineData("radius=-1", "radius: it takes a number from 0 to 3")]
    [InlineData("targets=-1", "targets: it takes a whole number from 0 to 128")]
    [InlineData("neighbours=33", "neighbours: it takes a whole number from 0 to 32")]
    public void A_bad_option_is_named_with_the_remedy(string option, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => GameCases.Create(1, "graph-world", "standard", option));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
