using Madrl.Grains.Abstractions;

namespace Madrl.Hosting.Storage;

/// <summary>What the files of a run tell about it, without opening it: another process may be using it.</summary>
public static class RunFiles
{
    /// <summary>The runs of a folder, by name.</summary>
    /// <param name="outDirectory">The folder that holds run folders.</param>
    public static IReadOnlyList<RunEntry> List(string outDirectory) => [.. RunFolder.List(outDirectory).Select(Describe)];

    private static RunEntry Describe(RunListing listing)
    {
        if (listing.Folder is not { } folder) return RunEntries.Damaged(listing.Name, listing.Error!.Message);
        try
        {
            return RunEntries.Describe(folder.Specification, Tail(folder.MetricsPath), () => RunLock.IsHeld(folder));
        }
        catch (Exception error) when (StorageException.Explains(error))
        {
            return RunEntries.Damaged(listing.Name, StorageException.For(folder.Path, error).Message);
        }
    }

    /// <summary>The end of a file; nothing where there is none.</summary>
    private static string Tail(string path)
    {
        if (!File.Exists(path)) return "";
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(file.Length, RunEntries.TailBytes), SeekOrigin.End);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
