using System.CommandLine;
using Madrl.Hosting.Storage;
using Madrl.Policies;
using Madrl.Protocols.Runs;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Evaluation;

namespace Madrl.Terminal.Commands;

/// <summary><c>evaluate RUN</c>: plays test episodes with the policies of a checkpoint or of a file.</summary>
internal static class EvaluateCommand
{
    private const int MaxEpisodes = 1_000_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var checkpoint = SavedPolicies.Option();
        var file = new Option<string?>("--policies")
        {
            Description = "safetensors file whose policies play instead, with the names and shapes that 'export --safetensors' gives", HelpName = "FILE",
        };
        var episodes = new Option<int>("--episodes") { Description = "test episodes to play", HelpName = "N", DefaultValueFactory = _ => RunMachine.EvaluationEpisodes };
        var (folder, json) = (CommonOptions.Out(), CommonOptions.Json());
        var command = new ExampleCommand(
            "evaluate", "Plays test episodes with the policies of a checkpoint or of a file, without training.",
            "evaluate simple-spread-mappo-s1-20261122-173205",
            "evaluate simple-spread-mappo-s1-20261122-173205 --checkpoint best --episodes 1000 --json",
            "evaluate simple-spread-mappo-s1-20261122-173205 --policies changed.safetensors")
        {
            run, checkpoint, file, episodes, folder, json,
        };
        command.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(file) is not null && parsed.GetResult(checkpoint) is { Implicit: false })
                throw new UsageException("--policies and --checkpoint exclude each other: either names the policies that play.");
            return RunAsync(
                parsed.GetRequiredValue(run), parsed.GetRequiredValue(checkpoint), parsed.GetValue(file), parsed.GetRequiredValue(episodes),
                parsed.GetRequiredValue(folder), parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<int> RunAsync(string run, string which, string? file, int episodes, string outDirectory, bool json)
    {
        SavedPolicies.Check(which);
        if (episodes is < 1 or > MaxEpisodes)
            throw new UsageException($"'{episodes}' is not a value of --episodes: it takes a whole number from 1 to {MaxEpisodes}.");
        var folder = KnownRun.Open(run, outDirectory);
        try
        {
            await EvaluateAsync(folder, await SavedPolicies.ReadAsync(folder, outDirectory, which), which, file, episodes, json);
            return ExitCodes.Ok;
        }
        catch (Exception error)
        {
            return Errors.Report(error, json, folder.Specification.Run);
        }
    }

    private static async Task EvaluateAsync(RunFolder folder, SavedPolicies saved, string which, string? file, int episodes, bool json)
    {
        var run = folder.Specification;
        var policies = file is null ? saved.Policies : PolicyFile.Read(file, saved.Policies);
        var actors = TestEpisodes.Actors(run, policies);
        var measured = ReturnEstimate.From(await TestEpisodes.PlayAsync(run.CreateGame, _ => actors, run.Seed, episodes));
        var played = file is null ? new Played(which, saved.Checkpoint) : new Played(file, null);
        var result = new EvaluationResult(
            run, run.CreateGame(1).Spec, played, WeightsHash.Compute(policies.Named()), episodes, measured,
            saved.State.Random!.Mean, saved.State.Scripted!.Mean);
        if (json) Console.Out.WriteLine(result.ToJson());
        else result.Write();
    }
}
