using Madrl.Environments.Drawing;
using Madrl.Environments.Games.Drones;
using Madrl.Environments.Tests.Scalar;

namespace Madrl.Environments.Tests.Drones;

/// <summary>Single rules, in situations that are set up.</summary>
public class DronesEventTests
{
    private static readonly DronesOptions _calm = new()
    {
        Drones = 2, Wind = 0, Obstacles = 0, Join = 0, Leave = 0, TaskRate = 0, Cooperation = 0, CoverageWeight = 0,
    };

    private static readonly float[][] _rest = [[0, 0], [0, 0]];

    [Fact]
    public void An_acceleration_is_at_most_full_and_a_speed_at_most_the_greatest()
    {
        var game = new DronesGame(_calm).Begun();
        game.Airspace.Drones[0] = new(true, new(0.5, 0.5), default, 0.5);
        game.Airspace.Drones[1] = new(true, new(-0.5, 0.995), new(0.01, 0.03), 0.5);
        game.Step([[1, 1], [0.5f, 0]]);
        var (first, second) = (game.Airspace.Drones[0], game.Airspace.Drones[1]);
        Assert.Equal(0.02, first.Velocity.Length, 1e-12);
        Assert.Equal(first.Velocity.X, first.Velocity.Y);
        Assert.Equal(first.Velocity.X, first.Place.X - 0.5, 1e-12);
        Assert.Equal(0.5 - 0.01, first.Battery, 1e-12);
        Assert.Equal((0.02, 0), (second.Velocity.X, second.Velocity.Y)); // At the border.
        Assert.Equal((-0.48, 1), (second.Place.X, second.Place.Y));
        Assert.Equal(0.5 - 0.5 * 1.25 / 100, second.Battery, 1e-12);
        for (var step = 0; step < 5; step++) game.Step([[1, 1], [0, -1]]);
        Assert.Equal(0.05, game.Airspace.Drones[0].Velocity.Length, 1e-12);
    }

    [Fact]
    public void An_obstacle_stops_a_drone_and_counts_once_and_touching_drones_count_on_both_sides()
    {
        var game = new DronesGame(_calm with { Obstacles = 1, CollisionWeight = 1 }).Begun();
        game.Airspace.Obstacles[0] = new(new(0.5, 0.5), 0.1);
        game.Airspace.Drones[0] = new(true, new(0.36, 0.5), new(0.02, 0), 1);
        game.Airspace.Drones[1] = new(true, new(0.36, 0.56), default, 1);
        Assert.Equal([-1, 0], game.Step(_rest));
        Assert.Equal((0.36, 0, 0), (game.Airspace.Drones[0].Place.X, game.Airspace.Drones[0].Velocity.X, game.Airspace.Drones[0].Velocity.Y));
        game.Airspace.Drones[1].Place = new(0.36, 0.5599);
        Assert.Equal([-1, -1], game.Step(_rest));
        (game.Airspace.Drones[0].Place, game.Airspace.Drones[1].Place) = (new(0.1, 0.1), new(0.1, 0.1));
        Assert.Equal([0, 0], game.Step(_rest)); // On the pad.
        (game.Airspace.Drones[0].Place, game.Airspace.Drones[1]) = (new(-0.5, 0.1), default);
        game.Airspace.Drones[1].Place = new(-0.5, 0.1);
        Assert.Equal([0, 0], game.Step(_rest)); // Absent.
    }

    [Fact]
    public void An_empty_battery_drops_the_drone_out_and_the_pad_charges()
    {
        var game = new DronesGame(_calm with { Endurance = 10, Cooperation = 1, CoverageWeight = 100 }).Begun();
        game.Airspace.Drones[0] = new(true, new(0.9, 0.9), default, 0.11);
        game.Airspace.Drones[1] = new(true, new(0.1, 0.1), default, 0.92);
        game.Step(_rest);
        Assert.Equal(0.97, game.Airspace.Drones[1].Battery, 1e-12);
        Assert.True(game.Airspace.Drones[0].IsPresent);
        game.Step(_rest);
        game.Step(_rest);
        Assert.False(game.Airspace.Drones[0].IsPresent);
        Assert.Equal(1, game.Airspace.Drones[1].Battery);
        Assert.All(game.Seen(0), number => Assert.Equal(0, number));

        game.Airspace.Drones[1] = new(true, new(-0.7, 0.7), default, 0.9);
        var rewards = game.Step([[1, 1], [0, 0]]);
        Assert.Equal([0.5, 0.5], rewards); // The absent one has its part of the newly covered cell.
        Assert.Equal((0.9, 0.9), (game.Airspace.Drones[0].Place.X, game.Airspace.Drones[0].Place.Y));
        Assert.Equal([0, 0], game.ScriptedActions()[0]);
    }

    [Fact]
    public void Those_who_come_to_a_cell_together_share_it()
    {
        var game = new DronesGame(_calm with { Drones = 3, CoverageWeight = 100 }).Begun();
        game.Airspace.Drones[0] = new(true, new(0.61, 0.61), default, 1);
        game.Airspace.Drones[1] = new(true, new(0.79, 0.79), default, 1);
        game.Airspace.Drones[2] = new(true, new(-0.99, 0.79), default, 1);
        float[][] rest = [[0, 0], [0, 0], [0, 0]];
        Assert.Equal([0.5, 0.5, 1], game.Step(rest));
        Assert.Equal([0, 0, 0], game.Step(rest));
        Assert.Equal([80, 88], Enumerable.Range(0, 100).Where(cell => game.Map.IsCovered[cell]));
    }

    [Fact]
    public void What_a_drone_carries_lies_where_it_dropped_out_until_another_brings_it_to_its_goal()
    {
        var game = new DronesGame(_calm with { TaskWeight = 1 }).Begun();
        game.Airspace.Drones[0] = new(true, new(0.5, 0.5), default, 0.008);
        game.Airspace.Drones[1] = new(true, new(-0.5, 0.5), default, 1);
        game.Board.Tasks[2] = new(true, new(0.55, 0.5), new(-0.55, 0.5), -1, 0, false);
        Assert.Equal([0, 0], game.Step(_rest));
        Assert.Equal(2, game.Board.SlotOf[0]); // The nearest drone's.
        game.Airspace.Drones[0].Place = new(0.52, 0.5);
        Assert.Equal([0.5, 0], game.Step(_rest)); // Fetched; then the battery is empty, and at once it is the other's.
        Assert.Equal((-1, 2), (game.Board.SlotOf[0], game.Board.SlotOf[1]));
        Assert.Equal((0.52, 0.5), (game.Board.Tasks[2].Aim.X, game.Board.Tasks[2].Aim.Y));
        Assert.Equal([0, 0], game.Step(_rest));
        game.Airspace.Drones[1].Place = new(0.5, 0.5);
        Assert.Equal([0, 0], game.Step(_rest)); // Fetched again.
        game.Airspace.Drones[1].Place = new(-0.5, 0.55);
        Assert.Equal([0, 0.5], game.Step(_rest));
        Assert.Equal((-1, false), (game.Board.SlotOf[1], game.Board.Tasks[2].Exists));
    }

    [Fact]
    public void With_allocation_by_arrival_a_task_waits_for_whoever_comes_first()
    {
        var game = new DronesGame(_calm with { Kind = TaskKind.Surveillance, Allocation = TaskAllocation.Arrival, WatchSteps = 2 }).Begun();
        game.Airspace.Drones[0] = new(true, new(0.5, 0.5), default, 1);
        game.Airspace.Drones[1] = new(true, new(-0.5, 0.5), default, 1);
        game.Board.Tasks[0] = new(true, new(0.61, 0.5), new(0.61, 0.5), -1, 0, false);
        game.Step(_rest);
        Assert.Equal((-1, -1), (game.Board.SlotOf[0], game.Board.SlotOf[1]));
        game.Airspace.Drones[1].Place = new(0.61, 0.59);
        Assert.Equal([0, 0], game.Step(_rest));
        Assert.Equal((-1, 0), (game.Board.SlotOf[0], game.Board.SlotOf[1]));
        Assert.Equal([0, 0.5], game.Step(_rest));
        game.Airspace.Drones[1].Place = new(0.9, 0.9);
        Assert.Equal([0, 0], game.Step(_rest)); // It must be near, but not without a break.
        game.Airspace.Drones[1].Place = new(0.61, 0.5);
        Assert.Equal([0, 0.5], game.Step(_rest));
        Assert.Equal((-1, false), (game.Board.SlotOf[1], game.Board.Tasks[0].Exists));
    }

    [Fact]
    public void Without_wind_who_rests_stays_and_in_it_drifts_no_more_than_gusts_allow()
    {
        var game = new DronesGame(new DronesOptions { Wind = 0, Obstacles = 0, Leave = 0 }).Begun();
        var before = game.Airspace.Drones.ToArray();
        for (var step = 0; step < 50; step++) game.Step([.. before.Select(_ => new float[2])]);
        Assert.Equal(before.Select(drone => drone.Place), game.Airspace.Drones.Select(drone => drone.Place));

        game = new DronesGame(new DronesOptions { Wind = 0.3 }).Begun();
        var gusts = 0;
        for (var step = 0; step < 1000; step++)
        {
            var wind = game.Airspace.Wind;
            game.Step([.. before.Select(_ => new float[2])]);
            Assert.InRange(Math.Max(Math.Abs(game.Airspace.Wind.X), Math.Abs(game.Airspace.Wind.Y)), 0, 0.3);
            gusts += game.Airspace.Wind == wind * 0.9 ? 0 : 1;
        }

        Assert.InRange(gusts, 60, 140);
    }

    [Fact]
    public void Drones_obstacles_tasks_and_covered_cells_are_drawn_where_they_are()
    {
        var game = new DronesGame(_calm with { Obstacles = 1 }).Begun();
        game.Airspace.Obstacles[0] = new(new(0.5, -0.5), 0.15);
        game.Airspace.Drones[0] = new(true, new(0.5, 0.5), default, 1);
        game.Board.Tasks[0] = new(true, new(0.5, 0.7), new(-0.5, 0), -1, 0, false);
        game.Airspace.Drones[1] = default;
        game.Step(_rest);
        var marks = game.Draw().Marks;
        Assert.Equal(0.5, Assert.Single(marks, mark => mark is { Ink: Ink.Ground, Form: Form.Square }).X, 1e-12);
        Assert.Contains(new Mark(Form.Disc, Ink.Target, 0, 0, 0.2), marks);
        Assert.Contains(new Mark(Form.Disc, Ink.Obstacle, 0.5, -0.5, 0.15), marks);
        Assert.Contains(new Mark(Form.Square, Ink.Target, 0.5, 0.7, 0.025), marks);
        Assert.Contains(new Mark(Form.Line, Ink.Link, 0.5, 0.5, 0, ToX: 0.5, ToY: 0.7), marks);
        Assert.Equal(new Mark(Form.Disc, Ink.Agent, 0.5, 0.5, 0.03, "0"), Assert.Single(marks, mark => mark.Ink == Ink.Agent));
        game.Airspace.Drones[0].Place = new(0.5, 0.65);
        game.Step(_rest);
        marks = game.Draw().Marks;
        Assert.Equal(new Mark(Form.Disc, Ink.Highlight, 0.5, 0.65, 0.03, "0"), Assert.Single(marks, mark => mark.Ink == Ink.Highlight));
        Assert.Contains(new Mark(Form.Square, Ink.Target, -0.5, 0, 0.025), marks);
    }
}
