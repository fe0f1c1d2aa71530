using FsCheck;
using FsCheck.Fluent;
using Madrl.Environments.Drawing;
using Madrl.Environments.Games.Foraging;
using Madrl.Environments.Tests.Games;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Foraging;

public class ForagingPropertyTests
{
    private const int Steps = 30;

    private static readonly Config _fewCases = Config.QuickThrowOnFailure.WithMaxTest(15);

    /// <summary>The kinds of games; crowded, so that players meet.</summary>
    public static TheoryData<string> Variants =>
    [
        "rows=5 columns=6 players=4 foods=3 penalty=0.1",
        "rows=6 columns=5 players=3 foods=4 sight=2 observe-levels=false",
        "rows=7 columns=7 players=5 foods=5 sight=1 cooperative=true max-player-level=3",
        "players=1 foods=1 max-food-level=1",
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_copy_has_the_same_bits_in_any_split_of_the_copies(string options)
    {
        var cases = from copies in Gen.Choose(1, 23) from cut in Gen.Choose(0, copies) from seed in Gen.Choose(0, 1000)
                    select (copies, cut, seed: (ulong)seed);
        Check.One(_fewCases, Prop.ForAll(cases.ToArbitrary(), split =>
        {
            var whole = new PlayedBatch(Create(split.copies, options), split.seed);
            PlayedBatch[] parts = split.cut == 0 || split.cut == split.copies
                ? [.. Enumerable.Range(0, split.copies).Select(copy => new PlayedBatch(Create(1, options), split.seed, copy))]
                : [new PlayedBatch(Create(split.cut, options), split.seed), new PlayedBatch(Create(split.copies - split.cut, options), split.seed, split.cut)];
            for (var step = 0; step < Steps; step++)
            {
                whole.Step(step);
                foreach (var part in parts) part.Step(step);
                Assert.Equal(Shown(whole), parts.SelectMany(Shown));
            }
        }));

        static IEnumerable<double[]> Shown(PlayedBatch batch) => Enumerable.Range(0, batch.Game.Copies).Select(batch.Shown);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_step_allocates_nothing(string options)
    {
        var batch = new PlayedBatch(Create(10, options));
        var scripted = new float[10];
        for (var step = 0; step < Steps; step++) Play(step);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < Steps; step++) Play(step);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Play(int step)
        {
            batch.Step(step);
            for (var player = 0; player < batch.Game.Spec.Agents.Count; player++) batch.Game.ActScripted(player, scripted);
        }
    }

    [Fact]
    public void Rewards_are_the_share_of_the_food_that_was_eaten() =>
        Check.One(_fewCases, Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var game = (ForagingGame)Create(3, "rows=6 columns=5 players=4 foods=4");
            var actors = new RandomActors(game.Spec, (ulong)seed);
            float[][] actions = [.. game.Spec.Agents.Select(_ => new float[3])];
            var (rewards, terminated, returns) = (new double[12], new bool[3], new double[3]);
            for (var copy = 0; copy < 3; copy++) game.Reset(copy, new KeyedRandom((ulong)seed, RandomPurpose.Reset, copy, 0, 0));
            for (var step = 0; step < 200; step++)
            {
                Assert.True(actors.ActAsync(new ActingStep(ActingMode.Explore, 0, 3, step), [], actions).IsCompletedSuccessfully);
                game.Step(actions, rewards, terminated);
                for (var i = 0; i < rewards.Length; i++) returns[i % 3] += rewards[i];
                for (var copy = 0; copy < 3; copy++) AssertShare(game.Field, copy, returns[copy], terminated[copy]);
            }
        }));

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_picture_shows_foods_and_players_with_their_levels_where_they_are(string options)
    {
        var batch = new PlayedBatch(Create(2, options));
        batch.Step(0);
        var field = ((ForagingGame)batch.Game).Field;
        var picture = batch.Game.Draw(1);
        Assert.Equal((0, 0, field.Columns, field.Rows), (picture.Left, picture.Bottom, picture.Width, picture.Height));
        var levels = field.PlayerLevels(1).ToArray();
        Assert.Equal(
            [
                .. field.FoodsAt(1).Select(food => (Form.Square, Ink.Target, food.Column + 0.5, field.Rows - food.Row - 0.5, $"{food.Level}")),
                .. field.PlayersAt(1).Select((player, i) => (Form.Disc, Ink.Agent, player.Column + 0.5, field.Rows - player.Row - 0.5, $"{levels[i]}")),
            ],
            picture.Marks.Select(mark => (mark.Form, mark.Ink, mark.X, mark.Y, mark.Label)));
        Assert.All(picture.Marks, mark => Assert.InRange(mark.Size, 0.1, 0.5));
    }

    private static void AssertShare(ForagingField field, int copy, double sum, bool terminated)
    {
        var left = field.FoodsAt(copy);
        Assert.Equal(left, field.FoodsListed(copy));
        Assert.Equal((field.Spawned(copy) - left.Sum(food => food.Level)) / (double)field.Spawned(copy), sum, 1e-12);
        Assert.Equal(left.Length == 0, terminated);
        Assert.All(field.PlayersAt(copy), player =>
        {
            Assert.True(player.Row >= 0 && player.Row < field.Rows && player.Column >= 0 && player.Column < field.Columns);
            Assert.DoesNotContain(player, left.Select(food => (food.Row, food.Column)));
        });
    }

    private static IMarkovGame Create(int copies, string options) => GameCases.Create(copies, "lbf", "lb-foraging", options);
}
