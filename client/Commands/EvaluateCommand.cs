using System.CommandLine;
using System.Text.Json;
using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Protocols.Runs;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Evaluation;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Commands;

/// <summary><c>evaluate RUN</c>: plays test episodes with the policies of a checkpoint.</summary>
internal static class EvaluateCommand
{
    private const string Best = "best", Last = "last";
    private const int MaxEpisodes = 1_000_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var checkpoint = new Option<string>("--checkpoint")
        {
            Description = "which one: best (in evaluation) or last", HelpName = $"{Best}|{Last}", DefaultValueFactory = _ => Last,
        };
        var episodes = new Option<int>("--episodes")
        {
            Description = "test episodes to play", HelpName = "N", DefaultValueFactory = _ => RunMachine.EvaluationEpisodes,
        };
        var (folder, json) = (CommonOptions.Out(), CommonOptions.Json());
        var command = new ExampleCommand(
            "evaluate", "Plays test episodes with the policies of a checkpoint, without training.",
            "evaluate simple-spread-mappo-s1-20261122-173205",
            "evaluate simple-spread-mappo-s1-20261122-173205 --checkpoint best --episodes 1000 --json")
        {
            run, checkpoint, episodes, folder, json,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(run), parsed.GetRequiredValue(checkpoint), parsed.GetRequiredValue(episodes),
            parsed.GetRequiredValue(folder), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string run, string which, int episodes, string outDirectory, bool json)
    {
        if (which is not (Best or Last)) throw new UsageException(NearestNames.Message("checkpoint", which, [Best, Last]));
        if (episodes is < 1 or > MaxEpisodes)
            throw new UsageException(
                $"'{episodes}' is not a value of --episodes: it takes a whole number from 1 to {MaxEpisodes}.");
        var folder = RunFolder.Open(run, outDirectory);
        try
        {
            using var held = RunLock.Acquire(folder);
            await EvaluateAsync(folder, which, episodes, json);
            return ExitCodes.Ok;
        }
        catch (Exception error)
        {
            return Errors.Report(error, json, folder.Specification.Run);
        }
    }

    private static async Task EvaluateAsync(RunFolder folder, string which, int episodes, bool json)
    {
        var run = folder.Specification;
        var state = await ReadStateAsync(folder);
        var checkpoint = (which == Best ? state.Best() : state.Checkpoints.LastOrDefault())
            ?? throw new RunFailedException($"Run {run.Run} has no checkpoint yet: resume it first.");
        var game = GameCatalog.Find(run.Task).Create(1, run.Rules, run.Game).Spec;
        var policies = await CheckpointPolicies.ReadAsync(
            new FileCheckpointStore(_ => folder.Path), run.Run, checkpoint, game.Agents.Count);
        var measured = ReturnEstimate.From(await TestEpisodes.PlayAsync(run, new PolicyActors(policies, run.Seed), episodes));
        var result = new EvaluationResult(
            run, game, which, checkpoint, episodes, measured, state.Random!.Mean, state.Scripted!.Mean);
        if (json) Console.Out.WriteLine(result.ToJson());
        else result.Write();
    }

    /// <summary>The run's control state, which only its grain reads and writes.</summary>
    private static async Task<RunState> ReadStateAsync(RunFolder folder)
    {
        await using var silo = await EmbeddedSilo.StartAsync(folder);
        var status = await silo.Client.GetGrain<IRunGrain>(folder.Specification.Run).GetStatus();
        return JsonSerializer.Deserialize<RunState>(status.Results)!;
    }
}
