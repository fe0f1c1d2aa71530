using Madrl.Environments;
using Madrl.Hosting.Storage;
using Madrl.Learning.Algorithms;

namespace Madrl.Terminal.Evaluation;

/// <summary>Run folders whose game and algorithm this program has.</summary>
internal static class KnownRun
{
    /// <summary>Opens a run's folder.</summary>
    /// <param name="run">Id of the run, or path of its folder.</param>
    /// <param name="outDirectory">Folder of the run folders.</param>
    /// <exception cref="UsageException">The game or the algorithm is not in this program: its assembly was not named.</exception>
    public static RunFolder Open(string run, string outDirectory)
    {
        var folder = RunFolder.Open(run, outDirectory);
        var (task, algorithm) = (folder.Specification.Task, folder.Specification.Algorithm);
        Check("task", task, GameCatalog.All.Any(game => game.Task == task));
        Check("algorithm", algorithm, AlgorithmCatalog.All.Any(known => known.Name == algorithm));
        return folder;

        void Check(string kind, string name, bool isKnown)
        {
            if (!isKnown) throw new UsageException($"{folder.Specification.Run} is of the {kind} '{name}', which this program does not have: name its assembly by --assembly.");
        }
    }
}
