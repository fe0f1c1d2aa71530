using System.CommandLine;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Learning;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Training;

namespace Madrl.Terminal.Commands;

/// <summary><c>train TASK</c>: a new run, in this process or on a silo.</summary>
internal static class TrainCommand
{
    private static readonly RunRequest Defaults = new() { Task = "" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var task = new Argument<string>("TASK") { Description = "what to train for; 'list tasks' names them" };
        var algorithm = Option("--algorithm", "NAME", "how to learn; 'list algorithms' names them", Defaults.Algorithm);
        var steps = Option("--steps", "N", "environment steps to train for", Defaults.Steps);
        var seed = Option("--seed", "N", "seed of every random draw", Defaults.Seed);
        var copies = Option("--copies", "N", "environment copies in all", Defaults.Copies);
        var shards = Option("--shards", "N", "environment grains; does not change the result", Defaults.Shards);
        var threads = new Option<int?>("--threads")
        {
            Description = $"learner threads, 1 to {LearnerThreads.Most}; does not change the result [default: 2 where there are cores]",
            HelpName = "N",
        };
        var rules = new Option<string?>("--rules") { Description = "variant of the task's rules [default: the task's first]", HelpName = "NAME" };
        var device = new Option<string?>("--device")
        {
            Description = "what the learner computes on: cpu or cuda:N; a silo elsewhere has its own [default: cpu]", HelpName = "DEVICE",
        };
        var set = CommonOptions.Set("option of the task or setting of the algorithm; repeatable");
        var checkpointEvery = Option("--checkpoint-every", "N", "environment steps between checkpoints", Defaults.CheckpointEvery);
        var evaluateEvery = Option("--evaluate-every", "N", "environment steps between evaluations", Defaults.EvaluateEvery);
        var (folder, silo, json) = (CommonOptions.Out(), CommonOptions.Silo(), CommonOptions.Json());
        var command = new ExampleCommand(
            "train", "Trains a team of agents.",
            "train simple-spread",
            "train simple-spread --algorithm maddpg --steps 1000000 --silo 127.0.0.1:30000",
            "train simple-spread --shards 4 --set agents=5 --set learning-rate=0.0005 --json")
        {
            task, algorithm, steps, seed, copies, shards, threads, rules, device, set, checkpointEvery, evaluateEvery, folder, silo, json,
        };
        command.SetAction((parsed, _) =>
        {
            var request = new RunRequest
            {
                Task = parsed.GetRequiredValue(task), Algorithm = parsed.GetRequiredValue(algorithm),
                Steps = parsed.GetRequiredValue(steps), Seed = parsed.GetRequiredValue(seed), Copies = parsed.GetRequiredValue(copies),
                Shards = parsed.GetRequiredValue(shards), Threads = parsed.GetValue(threads), Rules = parsed.GetValue(rules),
                Settings = CommonOptions.Settings(parsed, set),
                CheckpointEvery = parsed.GetRequiredValue(checkpointEvery), EvaluateEvery = parsed.GetRequiredValue(evaluateEvery),
            };
            var address = CommonOptions.Place(parsed, silo, folder);
            if (address is not null && parsed.GetValue(device) is not null)
                throw new UsageException("--device is for training in this process: a silo computes on what it was started with (--accelerators).");
            return RunAsync(
                request, address, parsed.GetRequiredValue(folder), LocalDevice.Accelerator(parsed.GetValue(device)), parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<int> RunAsync(RunRequest request, string? silo, string outDirectory, string? accelerator, bool json)
    {
        // A silo checks requests by its own games and algorithms; here a wrong one need not wait for a silo to start.
        if (silo is null) UsageException.Check(() => RunSpecifier.Specify(request, TimeProvider.System));
        using var interruption = new Interruption();
        await using var connection = silo is null ? await Connection.StartAsync(outDirectory, accelerator: accelerator) : await Connection.ConnectAsync(silo);
        if (interruption.Requested.IsCompleted) return ExitCodes.Interrupted;
        if (silo is not null) interruption.Answer = null;
        var run = await UsageException.CheckAsync(connection.Client.StartAsync(request));
        return await new TrainingSession(connection.Client, interruption, json).RunAsync(run, connection.PlaceOf(run), "training", after: 0);
    }

    private static Option<T> Option<T>(string name, string helpName, string description, T value) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };
}
