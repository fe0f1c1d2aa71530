using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Games;

/// <summary>What holds in every game of the catalogue.</summary>
public class GameLawsTests
{
    private const int Steps = 40;
    private const int Windows = 5;

    public static TheoryData<string, string, string> Cases => GameCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_copy_has_the_same_bits_in_any_split_of_the_copies(string task, string rules, string options)
    {
        // 70 copies are more than a block of 64, and no multiple of a vector.
        int[] sizes = [1, 1, 2, 13, 53];
        var whole = new PlayedBatch(GameCases.Create(sizes.Sum(), task, rules, options));
        var first = 0L;
        List<PlayedBatch> parts = [];
        foreach (var size in sizes)
        {
            parts.Add(new PlayedBatch(GameCases.Create(size, task, rules, options), firstCopy: first));
            first += size;
        }

        for (var step = 0; step < Steps; step++)
        {
            whole.Step(step);
            foreach (var part in parts) part.Step(step);
            var shown = parts.SelectMany(part => Enumerable.Range(0, part.Game.Copies).Select(part.Shown)).ToArray();
            Assert.All(shown.Index(), copy => Assert.Equal(copy.Item, whole.Shown(copy.Index)));
            Assert.All(shown, copy => Assert.All(copy, number => Assert.True(double.IsFinite(number))));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_copy_that_begins_again_in_mid_episode_is_like_new(string task, string rules, string options)
    {
        const int copies = 12, before = 17;
        var used = new PlayedBatch(GameCases.Create(copies, task, rules, options));
        var undisturbed = new PlayedBatch(GameCases.Create(copies, task, rules, options));
        for (var step = 0; step < before; step++)
        {
            used.Step(step);
            undisturbed.Step(step);
        }

        var fresh = new PlayedBatch(GameCases.Create(copies, task, rules, options));
        for (var copy = 0; copy < copies; copy += 3)
        {
            used.Reset(copy, 99);
            fresh.Reset(copy, 99);
        }

        for (var step = before; step < before + Steps; step++)
        {
            foreach (var batch in (PlayedBatch[])[used, undisturbed, fresh]) batch.Step(step);
            for (var copy = 0; copy < copies; copy++)
                Assert.Equal((copy % 3 == 0 ? fresh : undisturbed).Shown(copy), used.Shown(copy));
            Assert.Equal(fresh.Scripted(copy: 3), used.Scripted(copy: 3));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_and_a_reset_allocate_nothing(string task, string rules, string options)
    {
        const int copies = 10, allBegin = 8;
        var batch = new PlayedBatch(GameCases.Create(copies, task, rules, options));
        float[][] scripted = [.. batch.Game.Spec.Agents.Select(agent => new float[copies * agent.Actions.Width])];
        // The runtime itself allocates now and then while it compiles better code; a game that allocates does so in every window.
        var allocated = new long[Windows];
        for (var window = 0; window < Windows; window++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 0; step < Steps; step++) Play(step);
            allocated[window] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Contains(0, allocated);

        void Play(int step)
        {
            batch.Step(step);
            for (var agent = 0; agent < scripted.Length; agent++) batch.Game.ActScripted(agent, scripted[agent]);

            // One in mid-episode, now and then all of them.
            batch.Reset(step % copies, step);
            for (var copy = 0; step % allBegin == 0 && copy < copies; copy++) batch.Reset(copy, step);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_scripted_policy_plays_whole_episodes_by_the_rules(string task, string rules, string options)
    {
        const int copies = 5;
        var game = GameCases.Create(copies, task, rules, options);
        var agents = game.Spec.Agents;
        float[][] actions = [.. agents.Select(agent => new float[copies * agent.Actions.Width])];
        var (rewards, terminated) = (new double[agents.Count * copies], new bool[copies]);
        for (var copy = 0; copy < copies; copy++) game.Reset(copy, new KeyedRandom(3, RandomPurpose.Reset, copy, 0, 0));
        for (var step = 0; step < Math.Min(game.Spec.EpisodeLimit, 100); step++)
        {
            for (var agent = 0; agent < agents.Count; agent++) game.ActScripted(agent, actions[agent]);
            game.Step(actions, rewards, terminated);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_picture_shows_things_of_some_size(string task, string rules, string options)
    {
        var batch = new PlayedBatch(GameCases.Create(2, task, rules, options));
        batch.Step(0);
        var picture = batch.Game.Draw(1);
        Assert.True(picture is { Width: > 0, Height: > 0 });
        Assert.NotEmpty(picture.Marks);
        Assert.All(picture.Marks, mark =>
        {
            Assert.True(double.IsFinite(mark.X) && double.IsFinite(mark.Y) && double.IsFinite(mark.ToX) && double.IsFinite(mark.ToY));
            Assert.True(mark.Size > 0 || mark.Form == Form.Line);
        });
        Assert.Equal(picture.Marks, batch.Game.Draw(1).Marks);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Game.Draw(2));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Wrong_arguments_are_named(string task, string rules, string options)
    {
        var game = new PlayedBatch(GameCases.Create(2, task, rules, options)).Game;
        var agents = game.Spec.Agents;
        var (rewards, terminated) = (new double[2 * agents.Count], new bool[2]);
        Assert.Throws<ArgumentException>("rewards", () => game.Step(Zeros(), new double[1], terminated));
        Assert.Throws<ArgumentException>("terminated", () => game.Step(Zeros(), rewards, new bool[3]));
        Assert.Throws<ArgumentException>("actions", () => game.Step(Zeros()[1..], rewards, terminated));
        Assert.Throws<ArgumentException>("observations", () => game.Observe(0, new float[2 * agents[0].ObservationSize - 1]));
        Assert.Throws<ArgumentException>("observations", () => game.ObserveAll(Observations()[1..]));
        var longer = Observations();
        longer[^1] = new float[1 + longer[^1].Length];
        Assert.Contains(
            $"agent {agents.Count - 1} ",
            Assert.Throws<ArgumentException>("observations", () => game.ObserveAll(longer)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("states", () => game.WriteState(new float[2 * game.Spec.StateSize - 1]));
        Assert.Throws<ArgumentException>("actions", () => game.ActScripted(0, new float[2 * agents[0].Actions.Width + 1]));
        Assert.Throws<ArgumentOutOfRangeException>("agent", () => game.Observe(agents.Count, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>("copy", () => game.Reset(2, new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 0)));
        foreach (var agent in Enumerable.Range(0, agents.Count))
        {
            var actions = Zeros();
            actions[agent] = new float[1 + actions[agent].Length];
            var error = Assert.Throws<ArgumentException>("actions", () => game.Step(actions, rewards, terminated));
            Assert.Contains($"agent {agent}", error.Message, StringComparison.Ordinal);
            actions = Zeros();
            actions[agent][^1] = float.NaN;
            error = Assert.Throws<ArgumentException>("actions", () => game.Step(actions, rewards, terminated));
            Assert.Contains($"agent {agent} in copy 1 is NaN", error.Message, StringComparison.Ordinal);
        }

        // Within the limits of a box, which need not hold 0.
        float[][] Observations() => [.. agents.Select(agent => new float[2 * agent.ObservationSize])];

        float[][] Zeros() =>
            [.. agents.Select(agent => Enumerable.Repeat(agent.Actions is ActionSpace.Box box ? box.Low : 0, 2 * agent.Actions.Width).ToArray())];
    }
}
