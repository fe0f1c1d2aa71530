using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Grains.Abstractions;
using Madrl.Hosting.Storage;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using Madrl.Protocols;

namespace Madrl.Terminal.Training;

/// <summary>What the command line of <c>train</c> says.</summary>
internal sealed record TrainRequest(
    string Task, string Algorithm, long Steps, ulong Seed, int Copies, int Shards, int Threads, string? Rules,
    IReadOnlyList<string> Set, long CheckpointEvery, long EvaluateEvery)
{
    private const long MaxSteps = 1_000_000_000_000;
    private const int MaxCopies = 65_536, MaxShards = 256;

    /// <summary>Checks everything and completes it with the defaults in force. Nothing is made yet.</summary>
    /// <exception cref="UsageException">Something is wrong.</exception>
    public RunSpecification Specify(TimeProvider time)
    {
        CheckNumbers();
        var game = UsageException.Check(() => GameCatalog.Find(Task));
        var algorithm = UsageException.Check(() => AlgorithmCatalog.Find(Algorithm));
        var rules = Rules ?? game.Rules[0];
        if (!game.Rules.Contains(rules))
            throw new UsageException(NearestNames.Message($"rule set of {Task}", rules, [.. game.Rules]));

        var given = Parse(Set);
        var options = UsageException.Check(() => SettingsBinder.Values(SettingsBinder.Bind(game.OptionsType, given)));
        var settings = UsageException.Check(() => SettingsBinder.Values(algorithm.Options(given)));
        string[] names = [.. options.Keys, .. settings.Keys];
        if (given.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new UsageException(NearestNames.Message($"option of {Task} or setting of {Algorithm}", unknown, names));

        // The game checks what the options demand of one another.
        var spec = UsageException.Check(() => game.Create(1, rules, options)).Spec;
        UsageException.Check(() => Fit(algorithm, spec, settings));
        return new RunSpecification
        {
            Run = RunIds.New(Task, Algorithm, Seed, time), Task = Task, Rules = rules, Algorithm = Algorithm, Seed = Seed,
            Steps = Steps, Copies = Copies, Shards = Shards, Threads = Threads,
            CheckpointEvery = CheckpointEvery, EvaluateEvery = EvaluateEvery,
            Game = Sorted(options), Learning = Sorted(settings),
        };
    }

    /// <summary>What the parts demand of one another: the algorithm of the game, and a message of a shard's rollout.</summary>
    private GameSpec Fit(AlgorithmDefinition algorithm, GameSpec game, IReadOnlyDictionary<string, string> settings)
    {
        algorithm.Check(game, settings);
        var most = IPayload.MaxBytes / Rollout.BytesPerCopy(game);
        var least = (Copies + most - 1) / most;
        return Shards >= least ? game
            : throw new ArgumentException($"{Copies} copies of {Task} do not fit into {Shards} shards: use at least --shards {least}.");
    }

    private void CheckNumbers()
    {
        Check("--steps", Steps, MaxSteps);
        Check("--copies", Copies, MaxCopies);
        Check("--shards", Shards, MaxShards);
        Check("--threads", Threads, LearnerThreads.Most);
        Check("--checkpoint-every", CheckpointEvery, MaxSteps);
        Check("--evaluate-every", EvaluateEvery, MaxSteps);
        if (Shards > Copies)
            throw new UsageException($"--shards {Shards} are more than --copies {Copies}: every shard needs a copy.");
    }

    private static void Check(string name, long value, long most)
    {
        if (value < 1 || value > most)
            throw new UsageException($"'{value}' is not a value of {name}: it takes a whole number from 1 to {most}.");
    }

    private static Dictionary<string, string> Parse(IReadOnlyList<string> set)
    {
        var values = new Dictionary<string, string>();
        foreach (var text in set)
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || parts[0].Length == 0)
                throw new UsageException($"'{text}' is not a value of --set: it takes name=value, such as learning-rate=0.0005.");
            if (!values.TryAdd(parts[0], parts[1])) throw new UsageException($"--set {parts[0]} is given twice: give it once.");
        }

        return values;
    }

    private static SortedDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> values) =>
        new(values.ToDictionary(), StringComparer.Ordinal);
}
