using Madrl.Environments;
using Madrl.Hosting.Storage;
using Madrl.Learning.Algorithms;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Terminal.Evaluation;

/// <summary>Run folders whose game and algorithm this program has, as they were when the run was trained.</summary>
internal static class KnownRun
{
    /// <summary>Opens a run's folder.</summary>
    /// <param name="run">Id of the run, or path of its folder.</param>
    /// <param name="outDirectory">Folder of the run folders.</param>
    /// <exception cref="UsageException">
    /// The game or the algorithm is not in this program: its assembly was not named; or the game takes other options now.
    /// </exception>
    public static RunFolder Open(string run, string outDirectory)
    {
        var folder = RunFolder.Open(run, outDirectory);
        var specification = folder.Specification;
        try
        {
            specification.CreateGame(1);
        }
        catch (RunUnavailableException error)
        {
            throw new UsageException(error.Message, error);
        }

        if (AlgorithmCatalog.All.All(known => known.Name != specification.Algorithm))
            throw new UsageException($"Run {specification.Run} is of the algorithm '{specification.Algorithm}', which is not loaded here: name its assembly (--assembly).");
        return folder;
    }

    /// <summary>Checks that policies are made for the game as it is now.</summary>
    /// <param name="run">Their run.</param>
    /// <param name="policies">How they are built.</param>
    /// <exception cref="UsageException">Sizes differ.</exception>
    public static void Check(RunSpecification run, PolicyDescription policies)
    {
        var agents = run.CreateGame(1).Spec.Agents;
        if (policies.AgentIds > 0) Compare("agents", policies.AgentIds, agents.Count);
        Compare("observed numbers", policies.ObservationSize, agents[0].ObservationSize);
        Compare(
            policies.Head == ActionHead.Categorical ? "actions" : "numbers in an action", policies.Network.Outputs,
            agents[0].Actions is ActionSpace.Discrete discrete ? discrete.Count : agents[0].Actions.Width);

        void Compare(string what, int then, int now)
        {
            if (then != now) throw new UsageException(run.ChangedGame($"{what}, {then} when it was trained, are {now} now"));
        }
    }
}
