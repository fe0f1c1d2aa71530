using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Tests.Runs;

public class RunScheduleTests
{
    [Fact]
    public void The_last_iteration_is_completed()
    {
        var schedule = new RunSchedule(TestSpecification.Create() with { Steps = 1001 }, episodeLimit: 25);
        Assert.Equal((250, 5), (schedule.StepsPerIteration, schedule.Iterations));
        Assert.Equal(4, new RunSchedule(TestSpecification.Create() with { Steps = 1000 }, 25).Iterations);
        Assert.Equal((0.0, 0.4, 1.0), (schedule.Progress(0), schedule.Progress(2), schedule.Progress(5)));
    }

    [Fact]
    public void Evaluates_at_the_start_at_checkpoints_and_every_so_many_steps()
    {
        var schedule = new RunSchedule(TestSpecification.Create(iterations: 7, saveEvery: 3, evaluateEvery: 2), 25);
        Assert.Equal([0, 2, 3, 4, 6, 7], At(schedule, schedule.EvaluatesAt));
        Assert.Equal([3, 6, 7], At(schedule, schedule.SavesAt));
    }

    [Fact]
    public void Intervals_that_are_no_multiple_of_an_iteration_are_kept_on_average()
    {
        var run = TestSpecification.Create(iterations: 12) with { CheckpointEvery = 625, EvaluateEvery = 1 };
        var schedule = new RunSchedule(run, 25);
        Assert.Equal([3, 5, 8, 10, 12], At(schedule, schedule.SavesAt));
        Assert.Equal(13, At(schedule, schedule.EvaluatesAt).Length);
    }

    [Fact]
    public void The_end_is_saved_and_evaluated_whatever_the_intervals()
    {
        var run = TestSpecification.Create(iterations: 3) with { CheckpointEvery = long.MaxValue, EvaluateEvery = long.MaxValue };
        var schedule = new RunSchedule(run, 25);
        Assert.Equal([3], At(schedule, schedule.SavesAt));
        Assert.Equal([0, 3], At(schedule, schedule.EvaluatesAt));
    }

    private static long[] At(RunSchedule schedule, Func<long, bool> happens) =>
        [.. Enumerable.Range(0, (int)schedule.Iterations + 1).Select(i => (long)i).Where(happens)];
}
