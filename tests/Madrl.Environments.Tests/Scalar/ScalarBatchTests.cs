using Madrl.Environments.Drawing;
using Madrl.Environments.Scalar;
using Madrl.Environments.Tests.Games;
using Madrl.Numerics;
using OwnGame;

namespace Madrl.Environments.Tests.Scalar;

/// <summary>What the adapter adds to a game for one copy; the laws of all games are tested with those of the catalogue.</summary>
public class ScalarBatchTests
{
    private static readonly GridWalkDefinition _definition = new();

    [Fact]
    public void An_episode_that_is_over_or_has_not_begun_stands_still()
    {
        var game = _definition.Create(2, new GridWalkOptions { Size = 2 });
        var (rewards, terminated) = (new double[4], new bool[2]);
        var (before, after) = (new float[16], new float[16]);
        game.Reset(0, new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 0));
        var steps = 0;
        do
        {
            float[][] actions = [new float[2], new float[2]];
            for (var agent = 0; agent < 2; agent++) game.ActScripted(agent, actions[agent]);
            (actions[0][1], actions[1][1]) = (1, 3);
            game.Step(actions, rewards, terminated);
            Assert.True(terminated[1]);
            Assert.Equal((0, 0), (rewards[1], rewards[3]));
        }
        while (!terminated[0] && steps++ < 2);
        Assert.Equal((1, 1), (rewards[0], rewards[2]));

        game.WriteState(before);
        game.Step([[1, 1], [4, 4]], rewards, terminated);
        game.WriteState(after);
        Assert.Equal(before, after);
        Assert.Equal([true, true], terminated);
        Assert.All(rewards, reward => Assert.Equal(0, reward));

        game.Reset(0, new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 1));
        game.Step([[0, 0], [0, 0]], rewards, terminated);
        Assert.Equal([false, true], terminated);
    }

    [Fact]
    public void Unless_a_game_says_otherwise_its_state_is_all_observations()
    {
        var game = new PlayedBatch(_definition.Create(3, new GridWalkOptions())).Game;
        var (first, second, states) = (new float[12], new float[12], new float[24]);
        game.Observe(0, first);
        game.Observe(1, second);
        game.WriteState(states);
        Assert.Equal(first.Chunk(4).Zip(second.Chunk(4)).SelectMany(copy => copy.First.Concat(copy.Second)), states);
    }

    [Fact]
    public void A_game_that_overrides_only_the_length_of_its_state_or_only_what_is_written_there_is_refused()
    {
        foreach (var make in (Func<ScalarGame>[])[() => new LongState(), () => new OtherState()])
        {
            var error = Assert.Throws<ArgumentException>(() => new HalfDefinition(make).Create(1, new GridWalkOptions()));
            Assert.Equal($"{make().GetType().Name} overrides only one of StateSize and WriteState, which belong together: "
                + "let it override both, or none for a state of all observations.", error.Message);
        }

        Assert.Equal(3, new HalfDefinition(() => new WholeState()).Create(1, new GridWalkOptions()).Spec.StateSize);
    }

    [Fact]
    public void Terms_are_the_sums_of_each_copy_since_its_reset()
    {
        const int copies = 3;
        var batch = new PlayedBatch(GameCases.Create(copies, "drones", "standard", "coverage-weight=1 task-weight=0 collision-weight=0"));
        Assert.Equal(["coverage", "tasks", "collisions"], batch.Game.Terms);
        var (earned, terms) = (new double[copies], new double[3 * copies]);
        for (var step = 0; step < 60; step++)
        {
            batch.Step(step);
            for (var copy = 0; copy < copies; copy++) earned[copy] += batch.Shown(copy).Take(4).Sum();
        }

        batch.Game.WriteTerms(terms);
        for (var copy = 0; copy < copies; copy++) Assert.Equal(earned[copy], terms[copy], 1e-12);
        Assert.Equal(copies, earned.Distinct().Count());
        batch.Game.Reset(1, new KeyedRandom(9, RandomPurpose.Reset, 1, 0, 0));
        batch.Game.WriteTerms(terms);
        Assert.Equal((0, true), (terms[1], terms[0] > 0 && terms[2] > 0));
        var error = Assert.Throws<ArgumentException>("terms", () => batch.Game.WriteTerms(new double[8]));
        Assert.Contains("3 terms x 3 copies = 9 numbers, not 8", error.Message, StringComparison.Ordinal);
        Assert.Empty(_definition.Create(1, new GridWalkOptions()).Terms);
    }

    [Fact]
    public void The_choice_of_an_agent_is_that_of_its_own_copy()
    {
        float[][] actions = [[1, 2, 3, 4], [5, 6]];
        var second = new JointAction(actions, 1, 2);
        Assert.Equal((3, 4), (second[0][0], second[0][1]));
        Assert.Equal((3, 6), (second.Choice(0), second.Choice(1)));
    }

    [Theory]
    [InlineData("size", "1", "'1' is not a value of size: it takes a whole number from 2 to 100.")]
    [InlineData("size", "two", "'two' is not a value of size: it takes a whole number from 2 to 100.")]
    public void A_bad_option_is_named(string name, string value, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => _definition.Create(1, "standard", new Dictionary<string, string> { [name] = value }));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void An_unknown_option_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => _definition.Create(1, "standard", new Dictionary<string, string> { ["sizes"] = "3" }));
        Assert.Equal("There is no option of grid-walk 'sizes': did you mean size?", error.Message);
    }

    [Fact]
    public void Bad_rules_and_actions_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => _definition.Create(1, "standart", new Dictionary<string, string>()));
        Assert.Equal("There is no rule set of grid-walk 'standart': did you mean standard?", error.Message);
        var game = _definition.Create(2, new GridWalkOptions());
        error = Assert.Throws<ArgumentException>("actions", () => game.Step([[0, 0], [0, 5]], new double[4], new bool[2]));
        Assert.Contains("agent 1 in copy 1 is 5", error.Message, StringComparison.Ordinal);
    }

    private sealed class HalfDefinition(Func<ScalarGame> make) : ScalarGameDefinition<GridWalkOptions>("half", "Nothing.", _ => make());

    private abstract class Nothing() : ScalarGame(AgentSpec.Alike(1, observationSize: 2, new ActionSpace.Discrete(2)), episodeLimit: 1)
    {
        public override void Begin(ref KeyedRandom random)
        {
        }

        public override bool Step(JointAction actions, Span<double> rewards) => true;

        public override void Observe(int agent, Span<float> observation)
        {
        }

        public override void Play(int agent, Span<float> action)
        {
        }

        public override Picture Draw() => new(0, 0, 1, 1, []);
    }

    private class LongState : Nothing
    {
        public override int StateSize => 3;
    }

    private sealed class OtherState : Nothing
    {
        public override void WriteState(Span<float> state) => state.Fill(1);
    }

    private sealed class WholeState : LongState
    {
        public override void WriteState(Span<float> state) => state.Fill(1);
    }
}
