using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Grains.Abstractions;
using Madrl.Hosting.Storage;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Hosting;

/// <summary>Checks a request against the games and algorithms of this program, and completes it with the defaults in force.</summary>
public static class RunSpecifier
{
    private const long MaxSteps = 1_000_000_000_000;
    private const int MaxCopies = 65_536, MaxShards = 256, MaxSettings = 256;

    /// <summary>Learner threads where the request names none.</summary>
    public static int DefaultThreads => Math.Min(2, Environment.ProcessorCount);

    /// <summary>The specification of a new run. Nothing is made yet.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="time">The clock, for the run's id.</param>
    /// <exception cref="ArgumentException">Something is wrong; the message is one line that says what is valid.</exception>
    public static RunSpecification Specify(RunRequest request, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(request);
        var game = GameCatalog.Find(request.Task);
        var algorithm = AlgorithmCatalog.Find(request.Algorithm);
        var threads = request.Threads ?? DefaultThreads;
        CheckNumbers(request, threads);
        var rules = request.Rules ?? game.Rules[0];
        var options = SettingsBinder.Values(SettingsBinder.Bind(game.OptionsType, request.Settings));
        var settings = SettingsBinder.Values(algorithm.Options(request.Settings));
        CheckNames(request, options.Keys, settings.Keys);

        // The game checks its rules, and what the options demand of one another.
        var spec = game.Create(1, rules, options).Spec;
        algorithm.Check(spec, settings);
        CheckMessageSize(request, spec);
        return new RunSpecification
        {
            Run = RunIds.New(request.Task, request.Algorithm, request.Seed, time),
            Task = request.Task, Rules = rules, Algorithm = request.Algorithm, Seed = request.Seed,
            Steps = request.Steps, Copies = request.Copies, Shards = request.Shards, Threads = threads,
            CheckpointEvery = request.CheckpointEvery, EvaluateEvery = request.EvaluateEvery,
            Game = Sorted(options), Learning = Sorted(settings),
        };
    }

    private static void CheckNumbers(RunRequest request, int threads)
    {
        Check("steps", request.Steps, MaxSteps);
        Check("copies", request.Copies, MaxCopies);
        Check("shards", request.Shards, MaxShards);
        Check("threads", threads, LearnerThreads.Most);
        Check("checkpoint-every", request.CheckpointEvery, MaxSteps);
        Check("evaluate-every", request.EvaluateEvery, MaxSteps);
        if (request.Shards > request.Copies)
            throw new ArgumentException($"{request.Shards} shards are more than {request.Copies} copies: every shard needs a copy.");
    }

    private static void Check(string name, long value, long most)
    {
        if (value < 1 || value > most)
            throw new ArgumentException($"'{value}' is not a value of {name}: it takes a whole number from 1 to {most}.");
    }

    private static void CheckNames(RunRequest request, IEnumerable<string> options, IEnumerable<string> settings)
    {
        // Both are given by --set and shown in one list.
        if (options.Intersect(settings).FirstOrDefault() is { } both)
            throw new ArgumentException($"'{both}' is an option of {request.Task} and a setting of {request.Algorithm}: rename the one that is yours.");
        string[] names = [.. options, .. settings];
        if (request.Settings.Count > MaxSettings)
            throw new ArgumentException($"{request.Settings.Count} settings are given, the limit is {MaxSettings}.");
        if (request.Settings.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new ArgumentException(NearestNames.Message($"option of {request.Task} or setting of {request.Algorithm}", unknown, names));
    }

    /// <summary>An episode travels whole, and so do the observations that a shard's copies of one agent make in a step.</summary>
    private static void CheckMessageSize(RunRequest request, GameSpec game)
    {
        if (MessageLimit.Episodes(game) == 0)
            throw new ArgumentException($"An episode of {request.Task} with these options does not fit into a message of {MessageLimit.Bytes:N0} bytes: use fewer agents or a lower episode limit.");
        var most = MessageLimit.Bytes / (sizeof(float) * game.Agents.Max(agent => Math.Max(agent.ObservationSize, agent.Actions.Width)));
        var least = (request.Copies + most - 1) / most;
        if (request.Shards < least)
            throw new ArgumentException($"{request.Copies} copies of {request.Task} do not fit into {request.Shards} shards: use at least {least} shards.");
    }

    private static SortedDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> values) =>
        new(values.ToDictionary(), StringComparer.Ordinal);
}
