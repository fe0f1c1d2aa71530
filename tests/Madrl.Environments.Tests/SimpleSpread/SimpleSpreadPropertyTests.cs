using FsCheck;
using FsCheck.Fluent;
using Madrl.Environments.Games.SimpleSpread;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.SimpleSpread;

public class SimpleSpreadPropertyTests
{
    private const int Steps = 25;

    private static readonly Config _fewCases = Config.QuickThrowOnFailure.WithMaxTest(25);

    public static TheoryData<string, SpreadActions> Variants => new()
    {
        { "mpe2", SpreadActions.Discrete },
        { "mpe2", SpreadActions.Continuous },
        { "openai", SpreadActions.Discrete },
        { "openai", SpreadActions.Soft },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_copy_has_the_same_bits_in_any_split_of_the_copies(string rules, SpreadActions actions)
    {
        // Nine agents in the square touch often.
        var options = new SimpleSpreadOptions { Agents = 9, Actions = actions };
        var cases = from copies in Gen.Choose(1, 23) from cut in Gen.Choose(0, copies) from seed in Gen.Choose(0, 1000)
                    select (copies, cut, seed: (ulong)seed);
        Check.One(_fewCases, Prop.ForAll(cases.ToArbitrary(), split =>
        {
            var whole = new SpreadBatch(rules, options, split.copies, split.seed);
            SpreadBatch[] parts = split.cut == 0 || split.cut == split.copies
                ? [.. Enumerable.Range(0, split.copies).Select(copy => new SpreadBatch(rules, options, 1, split.seed, copy))]
                : [
                    new SpreadBatch(rules, options, split.cut, split.seed),
                    new SpreadBatch(rules, options, split.copies - split.cut, split.seed, split.cut),
                ];
            for (var step = 0; step < Steps; step++)
            {
                whole.StepAtRandom(step);
                foreach (var part in parts) part.StepAtRandom(step);
            }

            Assert.Equal(States(whole), parts.SelectMany(States));
        }));
    }

    [Fact]
    public void A_copy_does_not_feel_its_neighbours()
    {
        var options = new SimpleSpreadOptions { Agents = 6 };
        var quiet = new SpreadBatch("mpe2", options, 7);
        var disturbed = new SpreadBatch("mpe2", options, 7);
        for (var copy = 0; copy < 7; copy++)
        {
            if (copy != 3) disturbed.Game.Reset(copy, new KeyedRandom(99, RandomPurpose.Reset, copy, 0, 5));
        }

        for (var step = 0; step < Steps; step++)
        {
            quiet.StepAtRandom(step);
            disturbed.StepAtRandom(step);
            Assert.Equal(quiet.StateOf(3), disturbed.StateOf(3));
            Assert.Equal(quiet.RewardsOf(3), disturbed.RewardsOf(3));
            Assert.NotEqual(quiet.StateOf(2), disturbed.StateOf(2));
        }
    }

    [Theory]
    [InlineData("mpe2")]
    [InlineData("openai")]
    public void Relabelled_agents_get_relabelled_rewards(string rules) =>
        Check.One(_fewCases, Prop.ForAll(Gen.Shuffle(new[] { 0, 1, 2, 3, 4 }).ToArbitrary(), order =>
        {
            var options = new SimpleSpreadOptions { Agents = order.Length };
            var plain = new SimpleSpreadDefinition().Create(1, rules, options);
            var relabelled = new SimpleSpreadDefinition().Create(1, rules, options);
            plain.SetState(0, Circle(order.Length, i => i), new double[2 * order.Length]);
            relabelled.SetState(0, Circle(order.Length, i => order[i]), new double[2 * order.Length]);
            var (rewards, relabelledRewards) = (new double[order.Length], new double[order.Length]);
            for (var step = 0; step < Steps; step++)
            {
                float[][] actions = [.. Enumerable.Range(0, order.Length).Select(i => new float[] { (3 * step + i) % 5 })];
                plain.Step(actions, rewards, new bool[1]);
                relabelled.Step([.. order.Select(i => actions[i])], relabelledRewards, new bool[1]);
                for (var agent = 0; agent < order.Length; agent++)
                    Assert.Equal(rewards[order[agent]], relabelledRewards[agent], 1e-9);
            }
        }));

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_step_allocates_nothing(string rules, SpreadActions actions)
    {
        var batch = new SpreadBatch(rules, new SimpleSpreadOptions { Agents = 9, Actions = actions }, 10);
        var scripted = new float[10 * batch.Game.Spec.Agents[0].Actions.Width];
        for (var step = 0; step < Steps; step++) PlayStep(step);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < Steps; step++) PlayStep(step);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void PlayStep(int step)
        {
            batch.StepAtRandom(step);
            batch.Game.ActScripted(0, scripted);
        }
    }

    [Fact]
    public void Initial_states_are_uniform_in_the_square_and_at_rest()
    {
        var batch = new SpreadBatch("mpe2", new SimpleSpreadOptions(), 2000);
        var world = batch.Game.World;
        Assert.All(world.VelocityX.Concat(world.VelocityY), velocity => Assert.Equal(0, velocity));
        foreach (var coordinates in new[] { world.X, world.Y })
        {
            Assert.All(coordinates, coordinate => Assert.True(coordinate is >= -1 and < 1));
            for (var entity = 0; entity < 6; entity++)
            {
                var row = coordinates.AsSpan(entity * world.Stride, 2000).ToArray();
                Assert.Equal(0, row.Average(), 0.06);
                Assert.Equal(1.0 / 3, row.Average(x => x * x), 0.03);
            }
        }
    }

    private static IEnumerable<float[]> States(SpreadBatch batch) =>
        Enumerable.Range(0, batch.Game.Copies).Select(batch.StateOf);

    /// <summary>Agents on a small circle, in the given order, then landmarks on a large one.</summary>
    private static double[] Circle(int agents, Func<int, int> place) =>
    [
        .. Enumerable.Range(0, agents).SelectMany(i => Point(0.3, place(i))),
        .. Enumerable.Range(0, agents).SelectMany(i => Point(0.8, i)),
    ];

    private static double[] Point(double radius, int place) =>
        [radius * Math.Cos(1.2 * place + 0.1), radius * Math.Sin(1.2 * place + 0.1)];
}
