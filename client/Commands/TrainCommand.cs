using System.CommandLine;
using Madrl.Hosting.Storage;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Training;

namespace Madrl.Terminal.Commands;

/// <summary><c>train TASK</c>: a new run.</summary>
internal static class TrainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var task = new Argument<string>("TASK") { Description = "what to train for; 'list tasks' names them" };
        var algorithm = Option("--algorithm", "NAME", "how to learn; 'list algorithms' names them", "mappo");
        var steps = Option("--steps", "N", "environment steps to train for", 2_000_000L);
        var seed = Option("--seed", "N", "seed of every random draw", 1UL);
        var copies = Option("--copies", "N", "environment copies in all", 128);
        var shards = Option("--shards", "N", "environment grains; does not change the result", 1);
        var threads = Option("--threads", "N", "learner threads; does not change the result",
            Math.Min(2, Environment.ProcessorCount));
        var rules = new Option<string?>("--rules")
        {
            Description = "variant of the task's rules [default: the task's first]", HelpName = "NAME",
        };
        var set = new Option<string[]>("--set")
        {
            Description = "option of the task or setting of the algorithm; repeatable", HelpName = "name=value",
        };
        var checkpointEvery = Option("--checkpoint-every", "N", "environment steps between checkpoints", 500_000L);
        var evaluateEvery = Option("--evaluate-every", "N", "environment steps between evaluations", 100_000L);
        var (folder, json) = (CommonOptions.Out(), CommonOptions.Json());
        var command = new ExampleCommand(
            "train", "Trains a team of agents.",
            "train simple-spread",
            "train simple-spread --algorithm ippo --seed 2 --steps 10000000",
            "train simple-spread --shards 4 --set agents=5 --set learning-rate=0.0005 --json")
        {
            task, algorithm, steps, seed, copies, shards, threads, rules, set, checkpointEvery, evaluateEvery, folder, json,
        };
        command.SetAction((parsed, _) =>
        {
            var request = new TrainRequest(
                parsed.GetRequiredValue(task), parsed.GetRequiredValue(algorithm), parsed.GetRequiredValue(steps),
                parsed.GetRequiredValue(seed), parsed.GetRequiredValue(copies), parsed.GetRequiredValue(shards),
                parsed.GetRequiredValue(threads), parsed.GetValue(rules),
                parsed.GetValue(set) ?? [], parsed.GetRequiredValue(checkpointEvery), parsed.GetRequiredValue(evaluateEvery));
            return RunAsync(request, parsed.GetRequiredValue(folder), parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<int> RunAsync(TrainRequest request, string outDirectory, bool json)
    {
        var specification = request.Specify(TimeProvider.System);
        if (File.Exists(outDirectory)) throw new UsageException($"'{outDirectory}' is a file: name a folder for --out.");
        using var interruption = new Interruption();
        var folder = RunFolder.Create(outDirectory, specification);
        return await TrainingSession.RunAsync(folder, outDirectory, json, resumed: false, interruption);
    }

    private static Option<T> Option<T>(string name, string helpName, string description, T value) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };
}
