using System.Diagnostics;
using System.Text.Json;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using Madrl.Protocols;

namespace Madrl.Terminal.Bench;

/// <summary>Speeds of one round, in environment steps per second.</summary>
/// <param name="Loop">The plain loop.</param>
/// <param name="Grains">Through the grains.</param>
internal sealed record Round(double Loop, double Grains);

/// <summary>
/// What the actor model costs: the same training as a plain loop over the libraries and through the grains, in turn, in one
/// process. Both leave out their start: they are timed from the first iteration that ended to the last.
/// </summary>
/// <param name="specification">What is trained; saves and evaluates only at its ends.</param>
internal sealed class GrainsBenchmark(RunSpecification specification)
{
    /// <summary>Progress events, half a second apart, that a measure needs.</summary>
    private const int MinPoints = 3;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>One round: loop, then grains.</summary>
    public async Task<Round> RunAsync() => new(RunLoop(), await RunGrainsAsync());

    private double RunLoop()
    {
        var game = GameCatalog.Find(specification.Task).Create(specification.Copies, specification.Rules, specification.Game);
        using var learner = AlgorithmCatalog.Find(specification.Algorithm)
            .CreateLearner(game.Spec, specification.Learning, specification.Copies, specification.Seed, specification.Threads);
        var loop = new PlainLoop(game, learner, specification.Seed);
        var perIteration = (long)specification.Copies * game.Spec.EpisodeLimit;
        var iterations = specification.Steps / perIteration;
        if (iterations < 2) throw new RunFailedException($"{specification.Steps} steps are less than two iterations of {perIteration}: use more --steps.");
        loop.Iterate(iterations);
        var started = Stopwatch.GetTimestamp();
        while (loop.Iteration < iterations) loop.Iterate(iterations);
        return (iterations - 1) * perIteration / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<double> RunGrainsAsync()
    {
        var directory = Directory.CreateTempSubdirectory("madrl-bench-").FullName;
        try
        {
            using var runs = new RunDirectory(directory);
            await using var silo = await EmbeddedSilo.StartAsync(runs);
            return await TimeAsync(silo.Client, runs.Create(specification).Specification);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>
    /// The run's own clock at its progress events: the first comes after the evaluation at the start, and the last is left
    /// out because the final evaluation and checkpoint lie before it.
    /// </summary>
    private static async Task<double> TimeAsync(IClusterClient client, RunSpecification run)
    {
        var grain = client.GetGrain<IRunGrain>(run.Run);
        await grain.Start(run.ToJson());
        using var timer = new PeriodicTimer(PollInterval);
        while ((await grain.GetStatus()).Active) await timer.WaitForNextTickAsync();
        var events = await client.GetGrain<IMetricsGrain>(run.Run).Read(after: 0);
        var points = events.Where(message => message.Type == "progress").Select(Point).ToArray();
        var inside = points.Where(point => point.Steps > 0).SkipLast(1).ToArray();
        if (inside.Length < MinPoints)
            throw new RunFailedException($"{run.Steps} steps are over too soon to be timed: use more --steps.");
        var (first, last) = (inside[0], inside[^1]);
        return (last.Steps - first.Steps) / (last.Seconds - first.Seconds);
    }

    private static (long Steps, double Seconds) Point(EventMessage message)
    {
        using var json = JsonDocument.Parse(message.Json);
        return (json.RootElement.GetProperty("envSteps").GetInt64(), json.RootElement.GetProperty("seconds").GetDouble());
    }
}
