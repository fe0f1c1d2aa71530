using System.Globalization;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Environments.Settings;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Simulation.Scenarios;

/// <summary>A short run that is simulated.</summary>
public sealed class Scenario
{
    private const int Copies = 4, EpisodeLimit = 3, StepsPerIteration = Copies * EpisodeLimit;

    private readonly ReplayDescription? _replay;

    private Scenario(string name, RunSpecification run, ReplayDescription? replay) => (Name, Run, _replay) = (name, run, replay);

    /// <summary>MAPPO: each iteration's rollouts are learned from once. A checkpoint every other iteration.</summary>
    public static Scenario Mappo { get; } = new("mappo", Specify("mappo", iterations: 10, saveEvery: 2, new(StringComparer.Ordinal)
    {
        ["hidden"] = "8", ["epochs"] = "2",
    }), null);

    /// <summary>
    /// MADDPG: learns from replay in two shards, a ring that goes round three times; a checkpoint after each iteration, which
    /// names the segments of those before.
    /// </summary>
    public static Scenario Maddpg { get; } = new("maddpg", Specify("maddpg", iterations: 12, saveEvery: 1, new(StringComparer.Ordinal)
    {
        ["hidden"] = "8", ["batch"] = "8", ["capacity"] = Text(4 * StepsPerIteration), ["update-every"] = "6", ["warm-up"] = Text(StepsPerIteration),
    }), new ReplayDescription(4 * StepsPerIteration, Batch: 8, WholeEpisodes: false, UpdateEvery: 6, WarmUp: StepsPerIteration, KeepsStates: false));

    /// <summary>All scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [Mappo, Maddpg];

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The run.</summary>
    public RunSpecification Run { get; }

    /// <summary>The scenario of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names those that there are.</exception>
    public static Scenario Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new ArgumentException(NearestNames.Message("scenario", name, [.. All.Select(scenario => scenario.Name)]));

    /// <summary>Stand-in learners for this scenario.</summary>
    internal ILearnerComputeFactory StandIns() => new StandInFactory(_replay);

    private static RunSpecification Specify(string algorithm, int iterations, int saveEvery, SortedDictionary<string, string> learning) => new()
    {
        Run = $"simulated-{algorithm}",
        Task = "simple-spread",
        Rules = "mpe2",
        Algorithm = algorithm,
        Seed = 7,
        Steps = iterations * StepsPerIteration,
        Copies = Copies,
        Shards = 2,
        Threads = 1,
        CheckpointEvery = saveEvery * StepsPerIteration,
        EvaluateEvery = iterations * StepsPerIteration,
        Game = new(StringComparer.Ordinal) { ["agents"] = "2", ["episode-limit"] = Text(EpisodeLimit) },
        Learning = learning,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class StandInFactory(ReplayDescription? replay) : ILearnerComputeFactory
    {
        public Task<ILearnerCompute> CreateAsync(RunSpecification run, GameSpec game, string? accelerator = null) =>
            Task.FromResult<ILearnerCompute>(new StandInLearner(run, game, replay));
    }
}
