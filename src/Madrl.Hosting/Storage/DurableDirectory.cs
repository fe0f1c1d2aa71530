using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Madrl.Hosting.Storage;

/// <summary>
/// Makes the names in a folder survive a power loss: on Linux a new or renamed file is found again only after its folder
/// was flushed too. Windows has no such call, and macOS journals renames, so elsewhere this does nothing.
/// </summary>
public static class DurableDirectory
{
    private const int ReadOnly = 0, CloseOnExec = 0x80000;

    /// <summary>Creates a folder and those above it that are missing, each durable in its parent.</summary>
    /// <exception cref="StorageException">It cannot be created.</exception>
    public static void Create(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full)) return;
        if (Path.GetDirectoryName(full) is not { } parent)
            throw new StorageException($"'{full}' cannot be created: the drive does not exist; choose another folder.");
        Create(parent);
        try
        {
            Directory.CreateDirectory(full);
            Flush(parent);
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            throw StorageException.For(full, error);
        }
    }

    /// <summary>Flushes the names in a folder to the disk.</summary>
    /// <exception cref="StorageException">The folder is gone, or the disk failed.</exception>
    internal static void Flush(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        var descriptor = Open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw StorageException.For(path, new IOException(Marshal.GetPInvokeErrorMessage(error), error));
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            throw StorageException.For(path, error);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
