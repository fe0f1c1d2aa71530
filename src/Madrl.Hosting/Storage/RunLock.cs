using System.Globalization;
using System.Text;

namespace Madrl.Hosting.Storage;

/// <summary>
/// The right of one process to use a run's folder. The lock belongs to the open file, so the kernel releases it however the
/// process ends; the file itself stays. The owner's process id lies beside it, for the message to whoever is refused.
/// </summary>
public sealed class RunLock : IDisposable
{
    // What a refused lock reports: EAGAIN (Linux; macOS) and ERROR_SHARING_VIOLATION (Windows).
    private const int LinuxLocked = 11, MacLocked = 35, WindowsLocked = unchecked((int)0x80070020);

    private readonly FileStream file;
    private readonly string ownerPath;

    private RunLock(FileStream file, string ownerPath)
    {
        this.file = file;
        this.ownerPath = ownerPath;
    }

    /// <summary>Locks a run until the result is disposed or the process ends.</summary>
    /// <param name="folder">The run.</param>
    /// <exception cref="RunFolderException">The run is in use, or its folder is read-only.</exception>
    public static RunLock Acquire(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = LockPath(folder);
        var ownerPath = Path.Combine(folder.Path, "run.pid");
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            AtomicFile.Write(ownerPath, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return new RunLock(file, ownerPath);
        }
        catch (IOException error) when (error.HResult is LinuxLocked or MacLocked or WindowsLocked)
        {
            throw new RunFolderException(
                $"Run {folder.Specification.Run} is in use by another process{Owner(ownerPath)}; stop that process first.",
                error);
        }
        catch (Exception error) when (error is StorageException || StorageException.Explains(error))
        {
            file?.Dispose();
            var reason = error as StorageException ?? StorageException.For(path, error);
            throw new RunFolderException($"Run {folder.Specification.Run} cannot be locked: {reason.Message}", error);
        }
    }

    /// <summary>Whether a process uses a run, without taking or disturbing its lock for longer than the question.</summary>
    /// <param name="folder">The run.</param>
    public static bool IsHeld(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            // A reader that lets others read asks for a shared lock, which the owner's exclusive one refuses.
            using var file = new FileStream(LockPath(folder), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException error) when (error.HResult is LinuxLocked or MacLocked or WindowsLocked)
        {
            return true;
        }
    }

    /// <summary>Releases the run.</summary>
    public void Dispose()
    {
        // In this order: the next owner's id must not be the one that is deleted. A second call finds the file closed.
        if (file.SafeFileHandle.IsClosed) return;
        try
        {
            File.Delete(ownerPath);
        }
        finally
        {
            file.Dispose();
        }
    }

    private static string LockPath(RunFolder folder) => Path.Combine(folder.Path, "run.lock");

    private static string Owner(string ownerPath)
    {
        try
        {
            return $" (pid {File.ReadAllText(ownerPath)})";
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            // The owner has the lock but has not written its id yet, or is just leaving: the message does without.
            return "";
        }
    }
}
