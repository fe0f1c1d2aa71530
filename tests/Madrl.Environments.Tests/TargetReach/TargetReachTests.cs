using Madrl.Environments.Drawing;
using Madrl.Environments.Games.TargetReach;
using Madrl.Environments.Tests.Games;
using Madrl.Environments.Tests.Scalar;

namespace Madrl.Environments.Tests.TargetReach;

public class TargetReachTests
{
    public static TheoryData<int> Levels => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Levels))]
    public void It_goes_by_its_page(int level) => PlainGame.AssertSame(
        new TargetReachGame(new TargetReachOptions { Level = level }), () => new PlainTargetReach(level), episodes: 20, steps: 50);

    [Fact]
    public void Its_sizes_are_those_of_the_benchmark()
    {
        var spec = GameCases.Create(1, "target-reach", "standard", "").Spec;
        Assert.Equal((4, 16, 50), (spec.Agents.Count, spec.StateSize, spec.EpisodeLimit));
        Assert.All(spec.Agents, agent => Assert.Equal((16, new ActionSpace.Box(4, 0, 1)), (agent.ObservationSize, (ActionSpace.Box)agent.Actions)));
    }

    [Fact]
    public void Nobody_passes_a_wall_or_is_faster_than_the_drag_allows()
    {
        var game = new TargetReachGame(new TargetReachOptions()).Begun();
        for (var step = 0; step < 100; step++)
        {
            var rewards = game.Step([[1, 0, 1, 0], [0, 1, 1, 0], [0, 1, 0, 1], [1, 0, 0, 1]]);
            Assert.All(rewards, reward => Assert.InRange(reward, -Math.Sqrt(8) - 0.2 - 3, 0));
            foreach (var (place, velocity) in game.Places.Zip(game.Velocities))
            {
                Assert.InRange(Math.Max(Math.Abs(place.X), Math.Abs(place.Y)), 0, 1.5);
                Assert.InRange(Math.Max(Math.Abs(velocity.X), Math.Abs(velocity.Y)), 0, 2);
            }
        }

        Assert.Equal([(1.5, 1.5), (-1.5, 1.5), (-1.5, -1.5), (1.5, -1.5)], game.Places.Select(place => (place.X, place.Y)));
        Assert.All(game.Velocities, velocity => Assert.Equal(0, velocity.Length));
    }

    [Fact]
    public void Levels_only_share_out_the_same_sum_and_come_nearer_to_the_mean()
    {
        TargetReachGame[] games = [.. Enumerable.Range(1, 5).Select(level => new TargetReachGame(new TargetReachOptions { Level = level }).Begun())];
        for (var step = 0; step < 30; step++)
        {
            double[][] rewards = [.. games.Select(game => game.Step(games[0].RandomActions(4, step)))];
            var mean = rewards[0].Average();
            for (var level = 1; level <= 5; level++)
            {
                Assert.Equal(mean, rewards[level - 1].Average(), 1e-12);
                for (var agent = 0; agent < 4; agent++)
                    Assert.Equal((1 - 0.2 * (level - 1)) * (rewards[0][agent] - mean), rewards[level - 1][agent] - mean, 1e-12);
            }
        }
    }

    [Fact]
    public void A_quarter_turn_makes_each_agent_the_next()
    {
        var options = new TargetReachOptions { Level = 3 };
        var (plain, turned) = (new TargetReachGame(options).Begun(), new TargetReachGame(options).Begun());
        for (var agent = 0; agent < 4; agent++) turned.Places[(agent + 1) % 4] = new(-plain.Places[agent].Y, plain.Places[agent].X);
        for (var step = 0; step < 50; step++)
        {
            var actions = plain.RandomActions(6, step);
            var turnedActions = new float[4][];
            for (var agent = 0; agent < 4; agent++)
                turnedActions[(agent + 1) % 4] = [actions[agent][3], actions[agent][2], actions[agent][0], actions[agent][1]];
            var (rewards, turnedRewards) = (plain.Step(actions), turned.Step(turnedActions));
            for (var agent = 0; agent < 4; agent++)
            {
                Assert.Equal(rewards[agent], turnedRewards[(agent + 1) % 4], 1e-12);
                var (seen, turnedSeen) = (plain.Seen(agent), turned.Seen((agent + 1) % 4));
                for (var i = 0; i < 16; i += 2)
                {
                    Assert.Equal(-seen[i + 1], turnedSeen[i], 1e-6f);
                    Assert.Equal(seen[i], turnedSeen[i + 1], 1e-6f);
                }
            }
        }
    }

    [Fact]
    public void Who_touches_pays_on_both_sides()
    {
        var game = new TargetReachGame(new TargetReachOptions()).Begun();
        (game.Places[0], game.Places[1], game.Places[2], game.Places[3]) = (new(0.5, 0.5), new(0.5, 0.69), new(-0.5, -0.5), new(0.5, -0.5));
        Assert.Equal([-1, -1 - Math.Sqrt(1 + 0.19 * 0.19), 0, 0], game.Step([new float[4], new float[4], new float[4], new float[4]]));
        game.Places[1] = new(0.5, 0.7 + 1e-9);
        Assert.Equal(0, game.Step([new float[4], new float[4], new float[4], new float[4]])[0]);
        Assert.Equal(-0.05 * 2 * 0.25, game.Step([new float[4], new float[4], [0.5f, 0.5f, 0, 0], new float[4]])[2], 1e-12);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void The_scripted_players_reach_their_targets(int level)
    {
        var game = GameCases.Create(200, "target-reach", "standard", $"level={level}");
        var scripted = GameReturns.Mean(game, new ScriptedActors(game));
        Assert.InRange(scripted, -60, 0);
        Assert.True(GameReturns.Mean(game, new RandomActors(game.Spec, 1)) < 3 * scripted);
    }

    [Fact]
    public void Agents_and_targets_are_drawn_where_they_are()
    {
        var game = new TargetReachGame(new TargetReachOptions()).Begun();
        var picture = game.Draw();
        Assert.Equal((-1.6, -1.6, 3.2, 3.2), (picture.Left, picture.Bottom, picture.Width, picture.Height));
        Assert.Equal(
            [(0.5, 0.5, "0"), (-0.5, 0.5, "1"), (-0.5, -0.5, "2"), (0.5, -0.5, "3")],
            picture.Marks.Where(mark => mark is { Ink: Ink.Target, Form: Form.Square }).Select(mark => (mark.X, mark.Y, mark.Label)));
        Assert.Equal(
            game.Places.Select((place, agent) => new Mark(Form.Disc, Ink.Agent, place.X, place.Y, 0.1, $"{agent}")), picture.Marks.Skip(4));
    }

    [Theory]
    [InlineData("level=0", "level: it takes a whole number from 1 to 5")]
    [InlineData("level=6", "level: it takes a whole number from 1 to 5")]
    [InlineData("episode-limit=0", "episode-limit: it takes a whole number from 1 to 10000")]
    public void A_bad_option_is_named_with_the_remedy(string option, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => GameCases.Create(1, "target-reach", "standard", option));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
