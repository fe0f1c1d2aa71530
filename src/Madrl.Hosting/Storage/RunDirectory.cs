using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Hosting.Storage;

/// <summary>
/// The runs of one folder as one process uses them. A run is locked and its grain state opened when it is first needed, and
/// both stay so until the run is deleted or this is disposed: another process that wants the run is refused. The silos of a
/// cluster share the folder instead: their grain state lies elsewhere, and decides who writes. Thread-safe.
/// </summary>
public sealed class RunDirectory : IDisposable
{
    private readonly Dictionary<string, OpenRun> _open = [];
    private readonly Lock _lock = new();
    private readonly bool _shared;

    /// <summary>The runs in a folder; it is made with the first run.</summary>
    /// <param name="path">The folder that holds run folders.</param>
    /// <param name="shared">Whether the silos of a cluster share it.</param>
    public RunDirectory(string path, bool shared = false)
    {
        _shared = shared;
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = System.IO.Path.GetFullPath(path);
    }

    /// <summary>Full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Makes a run and opens it.</summary>
    /// <param name="specification">What decides it; the run gets a longer id where this one is taken.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public RunFolder Create(RunSpecification specification) => Open(RunFolder.Create(Path, specification, _shared));

    /// <summary>The folder of a run, which this process has from now on.</summary>
    /// <param name="run">Id of the run.</param>
    /// <exception cref="RunFolderException">There is none, another process has it, or it is damaged.</exception>
    /// <exception cref="StorageException">Its grain state cannot be used.</exception>
    public RunFolder Open(string run)
    {
        if (!RunIds.IsValid(run)) throw new RunFolderException($"'{run}' is not the id of a run.") { IsMissing = true };

        // Within the lock to the end: a run that is being deleted must not be opened on the way.
        lock (_lock) return _open.TryGetValue(run, out var open) ? open.Folder : Open(RunFolder.Open(run, Path));
    }

    /// <summary>Opens a run that may lie elsewhere, or under another name than its id.</summary>
    /// <param name="folder">The run.</param>
    /// <exception cref="RunFolderException">Another process has it.</exception>
    /// <exception cref="StorageException">Its grain state cannot be used.</exception>
    public RunFolder Open(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.ThrowUnless(_shared);
        if (_shared) return folder;
        lock (_lock)
        {
            if (_open.TryGetValue(folder.Specification.Run, out var open)) return open.Folder;
            _open.Add(folder.Specification.Run, new OpenRun(folder));
            return folder;
        }
    }

    /// <summary>Whether this process may ask the grains of a run.</summary>
    public bool IsOpen(string run)
    {
        lock (_lock) return _shared || _open.ContainsKey(run);
    }

    /// <summary>Deletes a run that this process has, its lock last.</summary>
    /// <exception cref="StorageException">The folder cannot be deleted.</exception>
    public void Delete(string run)
    {
        // Renamed first: what a crash leaves half-deleted is no run any more.
        string doomed;
        lock (_lock)
        {
            var folder = Open(run);
            doomed = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(folder.Path)!, $".{run}.deleted");
            if (_open.Remove(run, out var open)) open.Dispose();
            Do(folder.Path, () => Directory.Move(folder.Path, doomed));
        }

        Do(doomed, () => Directory.Delete(doomed, recursive: true));
    }

    /// <summary>Closes and releases every run.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var open in _open.Values) open.Dispose();
            _open.Clear();
        }
    }

    /// <summary>The database of a run's grain state.</summary>
    internal SqliteFile StateOf(string run)
    {
        lock (_lock)
        {
            Open(run);
            return _open[run].State;
        }
    }

    private static void Do(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            throw StorageException.For(path, error);
        }
    }

    /// <summary>A run that is locked, with its database. Closed before it is released.</summary>
    private sealed class OpenRun : IDisposable
    {
        private readonly RunLock _held;

        public OpenRun(RunFolder folder)
        {
            Folder = folder;
            _held = RunLock.Acquire(folder);
            State = new SqliteFile(folder.DatabasePath, StateTable.Schema);
            try
            {
                State.Check();
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public RunFolder Folder { get; }

        public SqliteFile State { get; }

        public void Dispose()
        {
            State.Dispose();
            _held.Dispose();
        }
    }
}
