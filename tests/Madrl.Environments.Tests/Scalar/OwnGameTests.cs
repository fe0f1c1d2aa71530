using Madrl.Environments.Drawing;
using Madrl.Environments.Tests.Games;
using Madrl.Numerics;
using OwnGame;

namespace Madrl.Environments.Tests.Scalar;

/// <summary>The example of docs/environments.md, played.</summary>
public class OwnGameTests
{
    private static readonly GridWalkDefinition _definition = new();

    [Fact]
    public void Its_sizes_are_those_that_it_states()
    {
        var spec = _definition.Create(3, "standard", new Dictionary<string, string> { ["size"] = "7" }).Spec;
        Assert.Equal(
            ("grid-walk", "standard", 50, 8, "sum over the 2 agents"),
            (spec.Task, spec.Rules, spec.EpisodeLimit, spec.StateSize, spec.ReturnScale));
        var actions = new ActionSpace.Discrete(5);
        Assert.Equal([new AgentSpec("agent_0", 4, actions), new AgentSpec("agent_1", 4, actions)], spec.Agents);
    }

    [Fact]
    public void An_episode_goes_by_the_rules()
    {
        var game = _definition.Create(1, new GridWalkOptions { Size = 4 });
        game.Reset(0, new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 0));
        var (rewards, terminated, seen) = (new double[2], new bool[1], new float[4]);
        float[][] actions = [[0], [0]];
        for (var step = 0; step < 7; step++)
        {
            game.Observe(0, seen);
            for (var agent = 0; agent < 2; agent++) game.ActScripted(agent, actions[agent]);
            game.Step(actions, rewards, terminated);
            var arrives = Math.Max(Math.Abs(seen[2]), Math.Abs(seen[3])) <= 1;
            Assert.Equal(arrives, terminated[0]);
            Assert.Equal(arrives ? [1, 1] : [-0.1, -0.1], rewards);
            if (arrives) return;
        }

        Assert.Fail("In a square of four cells each way nobody is seven moves away.");
    }

    [Fact]
    public void The_scripted_players_meet_by_the_shortest_way_that_needs_no_talk()
    {
        var game = _definition.Create(400, new GridWalkOptions());
        var scripted = GameReturns.Mean(game, new ScriptedActors(game));
        // Of two cells in a square of 5, the larger of both distances is 2.27 on average; where it is 0, a step is made too. Each step but
        // the last costs both agents 0.1.
        Assert.Equal(2 - 0.2 * (2.27 + 0.04 - 1), scripted, 0.05);
        Assert.True(scripted > GameReturns.Mean(game, new RandomActors(game.Spec, 1)) + 2);
    }

    [Fact]
    public void A_cell_beyond_the_edge_is_not_entered()
    {
        var game = _definition.Create(1, new GridWalkOptions { Size = 3 });
        game.Reset(0, new KeyedRandom(2, RandomPurpose.Reset, 0, 0, 0));
        var seen = new float[4];
        for (var step = 0; step < 5; step++)
        {
            game.Step([[1], [4]], new double[2], new bool[1]);
            game.Observe(0, seen);
        }

        Assert.Equal((2, 0), (seen[0], seen[1] + seen[3]));
    }

    [Fact]
    public void It_is_drawn_where_it_stands()
    {
        var game = _definition.Create(2, new GridWalkOptions());
        for (var copy = 0; copy < 2; copy++) game.Reset(copy, new KeyedRandom(3, RandomPurpose.Reset, copy, 0, 0));
        var seen = new float[8];
        game.Observe(0, seen);
        var picture = game.Draw(1);
        Assert.Equal((-0.5, -0.5, 5, 5), (picture.Left, picture.Bottom, picture.Width, picture.Height));
        Assert.Equal(
            [
                new Mark(Form.Disc, Ink.Agent, seen[4], seen[5], 0.4, "0"),
                new Mark(Form.Disc, Ink.Agent, seen[4] + seen[6], seen[5] + seen[7], 0.4, "1"),
            ],
            picture.Marks);
    }
}
