using System.CommandLine;
using System.Text.Json;
using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Learning;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
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
        var checkpoint = new Option<string>("--checkpoint") { Description = "which one: best (in evaluation) or last", HelpName = $"{Best}|{Last}", DefaultValueFactory = _ => Last };
        var episodes = new Option<int>("--episodes") { Description = "test episodes to play", HelpName = "N", DefaultValueFactory = _ => RunMachine.EvaluationEpisodes };
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
            throw new UsageException($"'{episodes}' is not a value of --episodes: it takes a whole number from 1 to {MaxEpisodes}.");
        var folder = RunFolder.Open(run, outDirectory);
        try
        {
            await EvaluateAsync(folder, await ReadStateAsync(folder, outDirectory), which, episodes, json);
            return ExitCodes.Ok;
        }
        catch (Exception error)
        {
            return Errors.Report(error, json, folder.Specification.Run);
        }
    }

    private static async Task EvaluateAsync(RunFolder folder, RunState state, string which, int episodes, bool json)
    {
        var run = folder.Specification;
        var game = run.CreateGame(1).Spec;
        var (checkpoint, policies) = await ReadPoliciesAsync(folder, Candidates(state, which), game.Agents.Count);
        var actors = new PolicyActors(run.Seed);
        actors.Use([.. policies.Weights.Select((weights, agent) => new Policy(policies.Description, weights, agent))]);
        var measured = ReturnEstimate.From(await TestEpisodes.PlayAsync(run, actors, episodes));
        var result = new EvaluationResult(run, game, which, checkpoint, episodes, measured, state.Random!.Mean, state.Scripted!.Mean);
        if (json) Console.Out.WriteLine(result.ToJson());
        else result.Write();
    }

    /// <summary>The checkpoints in the order in which they will do.</summary>
    private static IEnumerable<Checkpoint> Candidates(RunState state, string which) =>
        which == Best
            ? state.Checkpoints.OrderByDescending(checkpoint => checkpoint.Evaluation.Mean)
            : state.Checkpoints.AsEnumerable().Reverse();

    /// <summary>The first checkpoint that can be read; a damaged one is named.</summary>
    private static async Task<(Checkpoint Checkpoint, PolicySet Policies)> ReadPoliciesAsync(
        RunFolder folder, IEnumerable<Checkpoint> candidates, int agents)
    {
        var store = new FileCheckpointStore(_ => folder.Path);
        foreach (var checkpoint in candidates)
        {
            try
            {
                return (checkpoint, await CheckpointPolicies.ReadAsync(store, folder.Specification.Run, checkpoint, agents, CancellationToken.None));
            }
            catch (CheckpointDamagedException error)
            {
                Console.Error.WriteLine($"The checkpoint of iteration {checkpoint.Iteration} cannot be used: {error.Message}");
            }
        }

        throw new RunFailedException($"Run {folder.Specification.Run} has no checkpoint that can be used: resume it first.");
    }

    /// <summary>The run's control state, which only its grain reads and writes.</summary>
    private static async Task<RunState> ReadStateAsync(RunFolder folder, string outDirectory)
    {
        using var runs = new RunDirectory(outDirectory);
        runs.Open(folder);
        await using var silo = await EmbeddedSilo.StartAsync(runs);
        var status = await silo.Client.GetGrain<IRunGrain>(folder.Specification.Run).GetStatus();
        return JsonSerializer.Deserialize<RunState>(status.Results)!;
    }
}
