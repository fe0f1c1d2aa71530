using FsCheck;
using FsCheck.Fluent;
using Madrl.Environments.Games.Drones;
using Madrl.Environments.Settings;
using Madrl.Environments.Tests.Games;
using Madrl.Environments.Tests.Scalar;

namespace Madrl.Environments.Tests.Drones;

public class DronesTests
{
    private static readonly Config _fewCases = Config.QuickThrowOnFailure.WithMaxTest(20);

    public static TheoryData<string> Variants =>
    [
        "",
        "kind=surveillance",
        "allocation=arrival sensing-radius=1.2 cooperation=0.3",
        "kind=surveillance allocation=arrival drones=6 sensed=2 watch-steps=2 grid=7",
        "wind=0 obstacles=0 join=0 leave=0 sensed=0 view=0",
        "drones=7 absent=4 join=0.1 leave=0.05 endurance=30 wind=1 obstacles=8 collision-radius=0.06 cooperation=0",
        "drones=5 leave=0.1 join=0.3 task-rate=0.8 tasks=9 sensing-radius=3 sensed=6 view=4 collision-weight=2.5",
        "drones=1 tasks=0 endurance=15 join=0.5 coverage-weight=3",
        "drones=12 leave=0 join=0 kind=surveillance tasks=20 task-rate=1 watch-steps=11 grid=30 task-weight=0.5",
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void It_goes_by_its_page(string text)
    {
        var options = Options(text);
        var plain = new PlainOptions(
            options.Drones, options.Absent, options.Join, options.Leave, options.Endurance, options.Wind, options.Obstacles, options.CollisionRadius,
            options.Kind == TaskKind.Delivery, options.Allocation == TaskAllocation.Arrival, options.Tasks, options.TaskRate, options.WatchSteps,
            options.SensingRadius, options.Sensed, options.View, options.Grid,
            options.CoverageWeight, options.TaskWeight, options.CollisionWeight, options.Cooperation);
        PlainGame.AssertSame(new DronesGame(options), () => new PlainDrones(plain), episodes: 8, steps: 150);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_is_bounded_stays_so_and_nothing_gets_lost(string text)
    {
        var options = Options(text);
        var game = new DronesGame(options);
        for (var episode = 0; episode < 4; episode++)
        {
            game.Begun((ulong)episode);
            var (covered, earned, done, terms) = (0.0, 0.0, 0, new double[3]);
            for (var step = 0; step < 200; step++)
            {
                var before = game.Board.Tasks.ToArray();
                earned += game.Step(episode % 2 == 0 ? game.RandomActions(8, step) : game.ScriptedActions()).Sum();
                AssertBounds(game);
                AssertTasksAddUp(game);
                terms.AsSpan().Clear();
                game.WriteTerms(terms);
                Assert.InRange(terms[0], covered, 1 + 1e-9);
                covered = terms[0];
                Assert.Equal((double)game.Map.IsCovered.ToArray().Count(cell => cell) / game.Map.IsCovered.Length, covered, 1e-9);
                done += before.Zip(game.Board.Tasks).Count(pair => pair.First.Exists && !IsSame(pair.First, pair.Second));
                Assert.Equal(done + game.Board.Tasks.Sum(game.Board.Progress), terms[1], 1e-9);
                Assert.Equal(
                    options.CoverageWeight * terms[0] + options.TaskWeight * terms[1] - options.CollisionWeight * terms[2], earned, 1e-8);
            }
        }
    }

    [Fact]
    public void Drones_come_and_go_tasks_get_done_and_drones_collide()
    {
        var game = new DronesGame(Options("drones=6 absent=2 join=0.05 leave=0.01")).Begun();
        var (counts, terms) = (new HashSet<int>(), new double[3]);
        for (var step = 0; step < 400; step++)
        {
            game.Step(step < 300 ? game.ScriptedActions() : game.RandomActions(1, step));
            counts.Add(game.Airspace.Drones.Count(drone => drone.IsPresent));
        }

        game.WriteTerms(terms);
        Assert.True(counts.Min() < 4 && counts.Max() > 4, $"There were {counts.Min()} to {counts.Max()} drones.");
        Assert.True(terms[0] > 0.8 && terms[1] > 10 && terms[2] > 0, string.Join(" ", terms));
        game.Begun();
        game.WriteTerms(terms);
        Assert.Equal([0, 0, 0], terms);
    }

    [Fact]
    public void Relabelled_drones_see_and_earn_the_same() =>
        Check.One(_fewCases, Prop.ForAll(Gen.Shuffle(Enumerable.Range(0, 5).ToArray()).ToArbitrary(), order =>
        {
            var options = Options("drones=5 join=0 leave=0 cooperation=0.4");
            var (plain, relabelled) = (new DronesGame(options).Begun(3), new DronesGame(options).Begun(3));
            for (var i = 0; i < order.Length; i++) relabelled.Airspace.Drones[i] = plain.Airspace.Drones[order[i]];
            for (var step = 0; step < 60; step++)
            {
                var actions = plain.ScriptedActions();
                var (rewards, others) = (plain.Step(actions), relabelled.Step([.. order.Select(i => actions[i])]));
                for (var i = 0; i < order.Length; i++) Assert.Equal(rewards[order[i]], others[i], 1e-12);
                Assert.Equal(order.Select(plain.Seen), order.Select((_, i) => relabelled.Seen(i)));
            }
        }));

    [Fact]
    public void Cooperation_only_shares_out_the_same_sum()
    {
        DronesGame[] games = [.. new[] { "0", "0.25", "1" }.Select(c => new DronesGame(Options($"cooperation={c} leave=0.02")).Begun())];
        for (var step = 0; step < 100; step++)
        {
            var actions = games[0].ScriptedActions();
            double[][] rewards = [.. games.Select(game => game.Step(actions))];
            var mean = rewards[0].Average();
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(0.75 * rewards[0][i] + 0.25 * mean, rewards[1][i], 1e-12);
                Assert.Equal(mean, rewards[2][i], 1e-12);
            }
        }
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("kind=surveillance", 13)]
    [InlineData("allocation=arrival", 11)]
    [InlineData("wind=1 obstacles=8 drones=6", 12)]
    [InlineData("endurance=5", 0.7)]
    [InlineData("endurance=12", 4)]
    [InlineData("endurance=24", 7)]
    [InlineData("endurance=25", 4.5)]
    [InlineData("endurance=40 wind=1 obstacles=8", 10)]
    [InlineData("endurance=25 join=0", 4)]
    public void The_scripted_players_are_clearly_better_than_chance(string options, double margin)
    {
        var game = GameCases.Create(200, "drones", "standard", options);
        var (scripted, random) = (GameReturns.Mean(game, new ScriptedActors(game)), GameReturns.Mean(game, new RandomActors(game.Spec, 1)));
        Assert.True(scripted > random + margin, $"Scripted {scripted}, random {random}.");
    }

    [Theory]
    [InlineData("absent=4", "absent=4 leaves no drone to begin with: with drones=4 choose 0 to 3.")]
    [InlineData("drones=2 absent=3", "absent=3 leaves no drone to begin with: with drones=2 choose 0 to 1.")]
    [InlineData("watch-steps=3", "watch-steps belongs to kind=surveillance: leave it out with kind=delivery.")]
    [InlineData("drones=0", "drones: it takes a whole number from 1 to 64")]
    [InlineData("obstacles=9", "obstacles: it takes a whole number from 0 to 8")]
    [InlineData("collision-radius=-0.1", "collision-radius: it takes a number from 0.005 to 0.06")]
    [InlineData("sensing-radius=0", "sensing-radius: it takes a number from 0.05 to 3")]
    [InlineData("leave=1.5", "leave: it takes a number from 0 to 1")]
    [InlineData("kind=racing", "kind: it takes delivery or surveillance")]
    public void A_bad_option_is_named_with_the_remedy(string option, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => GameCases.Create(1, "drones", "standard", option));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static DronesOptions Options(string text) => SettingsBinder.Bind(new DronesOptions(), GameCases.Values(text));

    /// <summary>Whether a slot holds the same task before and after a step: only the goal of a task never changes.</summary>
    private static bool IsSame(DroneTask before, DroneTask after) => after.Exists && after.Goal == before.Goal;

    private static void AssertBounds(DronesGame game)
    {
        foreach (var drone in game.Airspace.Drones.Where(drone => drone.IsPresent))
        {
            Assert.InRange(Math.Max(Math.Abs(drone.Place.X), Math.Abs(drone.Place.Y)), 0, 1);
            Assert.InRange(drone.Velocity.Length, 0, 0.05 + 1e-15);
            Assert.InRange(drone.Battery, 0, 1);
            Assert.True(game.Airspace.IsFree(drone.Place));
        }

        Assert.All(game.State(), number => Assert.InRange(number, -1, 1));
        for (var i = 0; i < game.Agents.Count; i++)
        {
            Assert.All(game.Seen(i), number => Assert.InRange(number, -1, 1));
            Assert.Equal(game.Airspace.Drones[i].IsPresent ? 1 : 0, game.Seen(i)[0]);
        }
    }

    private static void AssertTasksAddUp(DronesGame game)
    {
        var (board, drones) = (game.Board, game.Airspace.Drones);
        Assert.Equal(board.Tasks.Count(task => task.Exists && !task.IsOpen), board.SlotOf.Count(slot => slot >= 0));
        for (var i = 0; i < drones.Length; i++)
        {
            if (board.SlotOf[i] < 0) continue;
            Assert.True(drones[i].IsPresent);
            Assert.Equal((true, i), (board.Tasks[board.SlotOf[i]].Exists, board.Tasks[board.SlotOf[i]].Drone));
        }
    }
}
