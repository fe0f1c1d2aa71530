namespace Madrl.Environments.Tests;

public class RandomActorsTests
{
    private const int Rows = 20_000;

    private static readonly GameSpec _game = new(
        "two", "plain",
        [new AgentSpec("discrete", 1, new ActionSpace.Discrete(4)), new AgentSpec("box", 1, new ActionSpace.Box(3, -2, 1))],
        1, 10, "sum over 2 agents");

    [Fact]
    public async Task Discrete_actions_are_equally_frequent()
    {
        var actions = (await ActAsync(0, Rows, step: 1))[0];
        for (var action = 0; action < 4; action++)
            Assert.Equal(0.25, actions.Count(chosen => chosen == action) / (double)Rows, 0.015);
    }

    [Fact]
    public async Task Box_actions_are_uniform_between_their_limits()
    {
        var actions = (await ActAsync(0, Rows, step: 1))[1];
        Assert.All(actions, number => Assert.InRange(number, -2, 1));
        Assert.Equal(-0.5, actions.Average(), 0.02);
        Assert.Equal(0.75, actions.Average(number => (number + 0.5) * (number + 0.5)), 0.02);
    }

    [Fact]
    public async Task Actions_are_keyed_by_global_copy_and_step()
    {
        var whole = await ActAsync(0, 10, step: 4);
        var part = await ActAsync(6, 4, step: 4);
        var later = await ActAsync(0, 10, step: 5);
        Assert.Equal(whole[0][6..], part[0]);
        Assert.Equal(whole[1][18..], part[1]);
        Assert.NotEqual(whole[1], later[1]);
    }

    private static async Task<float[][]> ActAsync(long firstCopy, int rows, long step)
    {
        float[][] actions = [new float[rows], new float[3 * rows]];
        await new RandomActors(_game, 1).ActAsync(new ActingStep(ActingMode.Greedy, firstCopy, rows, step), [], actions);
        return actions;
    }
}
