using FsCheck;
using FsCheck.Fluent;
using Madrl.Environments.Drawing;
using Madrl.Environments.Games.Rendezvous;
using Madrl.Environments.Tests.Games;
using Madrl.Environments.Tests.Scalar;

namespace Madrl.Environments.Tests.Rendezvous;

public class RendezvousTests
{
    private static readonly Config _fewCases = Config.QuickThrowOnFailure.WithMaxTest(25);

    public static TheoryData<int, int, double, InteractionGraph, double> Variants =>
    [
        .. from graph in Enum.GetValues<InteractionGraph>()
           from team in new[] { (2, 0), (2, 1), (3, 0), (5, 2), (6, 0) }
           from cooperation in new[] { 0, 0.3, 1 }
           select (team.Item1, team.Item2, cooperation, graph, team.Item1 == 6 ? 0.0 : 0.8),
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void It_goes_by_its_page(int agents, int evaders, double cooperation, InteractionGraph graph, double discount)
    {
        var options = new RendezvousOptions { Agents = agents, Evaders = evaders, Cooperation = cooperation, Graph = graph, HopDiscount = discount };
        PlainGame.AssertSame(new RendezvousGame(options), () => new PlainRendezvous(options), episodes: 4, steps: 40);
    }

    [Fact]
    public void Nobody_leaves_the_map_or_moves_further_than_half_a_unit()
    {
        var game = new RendezvousGame(new RendezvousOptions()).Begun();
        for (var step = 0; step < 200; step++)
        {
            var before = game.Places.ToArray();
            var actions = step < 100 ? game.RandomActions(1, step) : [[1, 1], [-1, 1], [1, -1], [-1, -1]];
            Assert.All(game.Step(actions), reward => Assert.InRange(reward, -Math.Sqrt(200), 0));
            Assert.All(game.State(), coordinate => Assert.InRange(coordinate, -1, 1));
            for (var agent = 0; agent < 4; agent++) Assert.InRange((game.Places[agent] - before[agent]).Length, 0, 0.5 + 1e-12);
        }

        Assert.Equal([(10, 10), (0, 10), (10, 0), (0, 0)], game.Places.Select(place => (place.X, place.Y)));
    }

    [Fact]
    public void Pursuers_lose_what_evaders_win()
    {
        var game = new RendezvousGame(new RendezvousOptions { Agents = 7, Evaders = 3, Cooperation = 0, Graph = InteractionGraph.Ring }).Begun();
        for (var step = 0; step < 30; step++)
        {
            var rewards = game.Step(game.RandomActions(2, step));
            Assert.Equal(0, rewards.Sum(), 1e-11);
            Assert.All(rewards[..4], reward => Assert.True(reward < 0));
            Assert.All(rewards[4..], reward => Assert.True(reward > 0));
        }
    }

    [Fact]
    public void Without_evaders_cooperation_only_shares_out_the_same_sum()
    {
        var options = new RendezvousOptions { Graph = InteractionGraph.Line };
        RendezvousGame[] games =
            [.. new[] { 0, 0.4, 1 }.Select(cooperation => new RendezvousGame(options with { Cooperation = cooperation }).Begun())];
        for (var step = 0; step < 30; step++)
        {
            double[][] rewards = [.. games.Select(game => game.Step(games[0].RandomActions(4, step)))];
            Assert.All(rewards, own => Assert.Equal(rewards[0].Sum(), own.Sum(), 1e-11));
            for (var agent = 0; agent < 4; agent++)
            {
                Assert.Equal(0.4 * rewards[2][agent] + 0.6 * rewards[0][agent], rewards[1][agent], 1e-12);
                Assert.Equal(rewards[2][0], rewards[2][agent]);
            }
        }
    }

    [Fact]
    public void Relabelled_agents_earn_the_same() =>
        Check.One(_fewCases, Prop.ForAll(Gen.Shuffle(Enumerable.Range(0, 5).ToArray()).ToArbitrary(), order =>
        {
            var options = new RendezvousOptions { Agents = 5, Cooperation = 0.5 };
            var (plain, relabelled) = (new RendezvousGame(options).Begun(), new RendezvousGame(options).Begun());
            for (var agent = 0; agent < order.Length; agent++) relabelled.Places[agent] = plain.Places[order[agent]];
            for (var step = 0; step < 20; step++)
            {
                var actions = plain.RandomActions(5, step);
                var (rewards, others) = (plain.Step(actions), relabelled.Step([.. order.Select(agent => actions[agent])]));
                for (var agent = 0; agent < order.Length; agent++) Assert.Equal(rewards[order[agent]], others[agent], 1e-12);
                Assert.Equal(order.Select(agent => plain.Places[agent]), relabelled.Places);
            }
        }));

    [Theory]
    [InlineData("", -85)]
    [InlineData("graph=ring agents=6", -125)]
    [InlineData("cooperation=0.5 graph=star", -82)]
    public void The_scripted_players_meet(string options, double least)
    {
        var game = GameCases.Create(200, "rendezvous", "standard", options);
        var scripted = GameReturns.Mean(game, new ScriptedActors(game));
        Assert.InRange(scripted, least, 0);
        Assert.True(GameReturns.Mean(game, new RandomActors(game.Spec, 1)) < 5 * scripted);
    }

    [Fact]
    public void The_scripted_players_of_each_role_do_well_against_random_ones()
    {
        var options = new RendezvousOptions { Agents = 2, Evaders = 1, Cooperation = 0 };
        var (chase, escape, both) = (Evaded([true, false]), Evaded([false, true]), Evaded([true, true]));
        Assert.True(chase < both && both < escape);
        Assert.True(chase < Evaded([false, false]) / 3 && escape > 1.5 * Evaded([false, false]));

        // The mean return of the evader.
        double Evaded(bool[] isScripted) => Enumerable.Range(0, 100).Average(episode =>
        {
            var game = new RendezvousGame(options).Begun((ulong)episode);
            return Enumerable.Range(0, 50).Sum(step =>
            {
                var (scripted, random) = (game.ScriptedActions(), game.RandomActions((ulong)episode, step));
                return game.Step([.. isScripted.Select((yes, agent) => yes ? scripted[agent] : random[agent])])[1];
            });
        });
    }

    [Fact]
    public void Agents_and_edges_are_drawn_where_they_are()
    {
        var game = new RendezvousGame(new RendezvousOptions { Agents = 3, Evaders = 1, Graph = InteractionGraph.Star }).Begun();
        (game.Places[0], game.Places[1], game.Places[2]) = (new(1, 2), new(3, 4), new(5, 6));
        var picture = game.Draw();
        Assert.Equal((-0.5, -0.5, 11, 11), (picture.Left, picture.Bottom, picture.Width, picture.Height));
        Assert.Equal(
            [
                new Mark(Form.Line, Ink.Link, 1, 2, 0, ToX: 3, ToY: 4), new Mark(Form.Line, Ink.Link, 1, 2, 0, ToX: 5, ToY: 6),
                new Mark(Form.Disc, Ink.Agent, 1, 2, 0.25, "0"), new Mark(Form.Disc, Ink.Agent, 3, 4, 0.25, "1"),
                new Mark(Form.Disc, Ink.Adversary, 5, 6, 0.25, "2"),
            ],
            picture.Marks);
    }

    [Theory]
    [InlineData("agents=1", "agents: it takes a whole number from 2 to 64")]
    [InlineData("evaders=4", "evaders=4 leaves nobody to follow them: with agents=4 choose 0 to 3.")]
    [InlineData("cooperation=1.1", "cooperation: it takes a number from 0 to 1")]
    [InlineData("hop-discount=-0.1", "hop-discount: it takes a number from 0 to 1")]
    [InlineData("graph=tree", "graph: it takes complete or ring or line or star")]
    public void A_bad_option_is_named_with_the_remedy(string option, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => GameCases.Create(1, "rendezvous", "standard", option));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
