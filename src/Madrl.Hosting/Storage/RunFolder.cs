using Madrl.Environments.Settings;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using IOPath = System.IO.Path;

namespace Madrl.Hosting.Storage;

/// <summary>One entry of <see cref="RunFolder.List"/>.</summary>
/// <param name="Name">Name of the folder.</param>
/// <param name="Folder">The run, unless it is damaged.</param>
/// <param name="Error">What is wrong with it, if anything.</param>
public sealed record RunListing(string Name, RunFolder? Folder, RunFolderException? Error);

/// <summary>
/// The folder of one run, which holds everything of it: copied to another machine, the run resumes there. It appears under
/// its name only with a complete run.json inside.
/// </summary>
public sealed class RunFolder
{
    private const string DatabaseName = "state.db", SharedName = "cluster.txt";

    private RunFolder(string path, RunSpecification specification)
    {
        Path = path;
        Specification = specification;
    }

    /// <summary>Full path of the folder.</summary>
    public string Path { get; }

    /// <summary>What decides the run.</summary>
    public RunSpecification Specification { get; }

    /// <summary>Grain state, the file of <see cref="SqliteGrainStorage"/>.</summary>
    public string DatabasePath => IOPath.Combine(Path, DatabaseName);

    /// <summary>Metrics, a <see cref="JsonLinesFile"/>.</summary>
    public string MetricsPath => IOPath.Combine(Path, "metrics.jsonl");

    /// <summary>The summary of a finished run.</summary>
    public string SummaryPath => IOPath.Combine(Path, "summary.json");

    /// <summary>The checkpoints, see <see cref="FileCheckpointStore"/>.</summary>
    public string CheckpointsPath => IOPath.Combine(Path, CheckpointFiles.FolderName);

    /// <summary>Refuses a run whose grain state lies where this process does not look: it would begin anew over the old files.</summary>
    /// <param name="shared">Whether the process is a silo of a cluster.</param>
    /// <exception cref="RunFolderException">It does.</exception>
    public void ThrowUnless(bool shared)
    {
        if (!shared && File.Exists(IOPath.Combine(Path, SharedName))) throw new RunFolderException(
            $"The state of run {Specification.Run} lies in the storage of a cluster: ask a silo of that cluster for it.");
        if (shared && File.Exists(DatabasePath)) throw new RunFolderException(
            $"The state of run {Specification.Run} lies in its folder ({DatabaseName}): resume it without a cluster.");
    }

    /// <summary>
    /// Makes the folder of a new run, durable when the call returns. Where the id is taken, the run gets it with <c>-2</c>,
    /// <c>-3</c> and so on; <see cref="Specification"/> has the final one. Two callers never get the same folder.
    /// </summary>
    /// <param name="outDirectory">Where the folders of runs lie; created if missing.</param>
    /// <param name="specification">What decides the run.</param>
    /// <param name="shared">Whether the grain state of the run will lie in the storage of a cluster; the folder says so.</param>
    /// <exception cref="ArgumentException">The id is not a valid one.</exception>
    /// <exception cref="RunFolderException">The folder cannot be made.</exception>
    public static RunFolder Create(string outDirectory, RunSpecification specification, bool shared = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outDirectory);
        ArgumentNullException.ThrowIfNull(specification);
        RunIds.ThrowIfInvalid(specification.Run, nameof(specification));
        var parent = IOPath.GetFullPath(outDirectory);
        try
        {
            DurableDirectory.Create(parent);
            foreach (var id in RunIds.Variants(specification.Run))
            {
                if (TryCreate(parent, specification with { Run = id }, shared) is { } created) return created;
            }
        }
        catch (StorageException error)
        {
            throw new RunFolderException(error.Message, error);
        }

        throw new RunFolderException(
            $"'{parent}' has {RunIds.MaxSameName} runs named {specification.Run} already; name another folder for runs.");
    }

    /// <summary>Opens the folder of an existing run.</summary>
    /// <param name="pathOrId">The run's id, or the path of its folder.</param>
    /// <param name="outDirectory">Where ids are looked up.</param>
    /// <exception cref="RunFolderException">There is none, or run.json is missing, damaged or of another version.</exception>
    public static RunFolder Open(string pathOrId, string outDirectory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pathOrId);
        ArgumentException.ThrowIfNullOrWhiteSpace(outDirectory);
        var byId = IOPath.Combine(IOPath.GetFullPath(outDirectory), pathOrId);
        var path = RunIds.IsValid(pathOrId) && Directory.Exists(byId) ? byId : IOPath.GetFullPath(pathOrId);
        if (!Directory.Exists(path)) throw Missing(pathOrId, outDirectory);
        return new RunFolder(path, RunManifest.Read(IOPath.Combine(path, RunManifest.FileName)));
    }

    /// <summary>The runs in a folder, by name; damaged ones with what is wrong, folders of other things not at all.</summary>
    /// <param name="outDirectory">Where the folders of runs lie; if it does not exist, there are no runs.</param>
    /// <exception cref="RunFolderException">The folder cannot be read.</exception>
    public static IReadOnlyList<RunListing> List(string outDirectory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outDirectory);
        return [.. Candidates(outDirectory).Select(path => Inspect(path, outDirectory))];
    }

    private static RunListing Inspect(string path, string outDirectory)
    {
        var name = IOPath.GetFileName(path);
        try
        {
            return new RunListing(name, Open(path, outDirectory), null);
        }
        catch (RunFolderException error)
        {
            return new RunListing(name, null, error);
        }
    }

    private static IEnumerable<string> Candidates(string outDirectory)
    {
        if (!Directory.Exists(outDirectory)) return [];
        try
        {
            return Directory.GetDirectories(IOPath.GetFullPath(outDirectory)).Where(LooksLikeRun).Order(StringComparer.Ordinal);
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            throw new RunFolderException(StorageException.For(outDirectory, error).Message, error);
        }
    }

    // Any of our files counts, so that a run that lost its run.json is still reported. A name with '.' first is a folder
    // whose creation a crash cut short.
    private static bool LooksLikeRun(string path) =>
        IOPath.GetFileName(path)[0] != '.'
        && (File.Exists(IOPath.Combine(path, RunManifest.FileName))
            || File.Exists(IOPath.Combine(path, DatabaseName))
            || Directory.Exists(IOPath.Combine(path, CheckpointFiles.FolderName)));

    // The folder is filled under a temporary name and renamed: renaming onto an existing folder with files in it fails,
    // whoever made it and when, so the rename is what decides between two processes.
    private static RunFolder? TryCreate(string parent, RunSpecification specification, bool shared)
    {
        var target = IOPath.Combine(parent, specification.Run);
        if (IOPath.Exists(target)) return null;
        var staging = IOPath.Combine(parent, $".{specification.Run}.{IOPath.GetRandomFileName()}");
        try
        {
            DurableDirectory.Create(staging);
            AtomicFile.Write(IOPath.Combine(staging, RunManifest.FileName), RunManifest.Encode(specification));
            if (shared) AtomicFile.Write(IOPath.Combine(staging, SharedName), "The state of this run lies in the storage of the cluster that made it.\n"u8.ToArray());
            Directory.Move(staging, target);
        }
        catch (IOException) when (IOPath.Exists(target))
        {
            return null;
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            throw StorageException.For(target, error);
        }
        finally
        {
            if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        }

        DurableDirectory.Flush(parent);
        return new RunFolder(target, specification);
    }

    private static RunFolderException Missing(string pathOrId, string outDirectory)
    {
        var names = Candidates(outDirectory).Select(path => IOPath.GetFileName(path)!);
        var nearest = string.Join(", ", NearestNames.Of(IOPath.GetFileName(pathOrId.TrimEnd('/', '\\')), names));
        var message = $"There is no run '{pathOrId}' in '{outDirectory}'"
            + (nearest.Length == 0 ? ", nor any other run; name the folder of runs." : $"; the nearest are {nearest}.");
        return new RunFolderException(message) { IsMissing = true };
    }
}
