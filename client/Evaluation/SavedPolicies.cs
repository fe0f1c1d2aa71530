using System.CommandLine;
using System.Text.Json;
using Madrl.Environments.Settings;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Terminal.Evaluation;

/// <summary>The policies of a checkpoint, and the control state of their run.</summary>
internal sealed record SavedPolicies(RunState State, Checkpoint Checkpoint, PolicySet Policies)
{
    private const string Best = "best", Last = "last";

    /// <summary><c>--checkpoint</c>.</summary>
    public static Option<string> Option() => new("--checkpoint")
    {
        Description = "which one: best (in evaluation) or last", HelpName = $"{Best}|{Last}", DefaultValueFactory = _ => Last,
    };

    /// <exception cref="UsageException">There is no such choice.</exception>
    public static void Check(string which)
    {
        if (which is not (Best or Last)) throw new UsageException(NearestNames.Message("checkpoint", which, [Best, Last]));
    }

    /// <summary>Reads the best or the last checkpoint of a run; where that is damaged, the one that comes next.</summary>
    /// <exception cref="RunFailedException">There is none.</exception>
    /// <exception cref="UsageException">The policies do not fit the run's game as it is now.</exception>
    public static async Task<SavedPolicies> ReadAsync(RunFolder folder, string outDirectory, string which)
    {
        var state = await ReadStateAsync(folder, outDirectory);
        var agents = folder.Specification.CreateGame(1).Spec.Agents.Count;
        var store = new FileCheckpointStore(_ => folder.Path);
        foreach (var checkpoint in Candidates(state, which))
        {
            try
            {
                var run = folder.Specification.Run;
                var policies = await CheckpointPolicies.ReadAsync(store, run, checkpoint, agents, CancellationToken.None);
                KnownRun.Check(folder.Specification, policies.Description);
                return new SavedPolicies(state, checkpoint, policies);
            }
            catch (ArgumentException error)
            {
                // The file is as it was committed, so it is the game that has more or fewer agents.
                throw new UsageException(folder.Specification.ChangedGame($"its policies do not fit ({error.Message.TrimEnd('.')})"), error);
            }
            catch (CheckpointDamagedException error)
            {
                Console.Error.WriteLine($"The checkpoint of iteration {checkpoint.Iteration} cannot be used: {error.Message}");
            }
        }

        throw new RunFailedException($"Run {folder.Specification.Run} has no checkpoint that can be used: resume it first.");
    }

    /// <summary>The checkpoints in the order in which they will do.</summary>
    private static IEnumerable<Checkpoint> Candidates(RunState state, string which) =>
        which == Best
            ? state.Checkpoints.OrderByDescending(checkpoint => checkpoint.Evaluation.Mean)
            : state.Checkpoints.AsEnumerable().Reverse();

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
