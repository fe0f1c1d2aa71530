using System.Security.Cryptography;

namespace Madrl.Learning.Native;

/// <summary>The cached copy of TorchSharp's bridge that an older libstdc++ can load.</summary>
internal static class PatchedBridge
{
    /// <summary>Path of the patched copy of <paramref name="original"/>, made on first use.</summary>
    /// <exception cref="DllNotFoundException">The file cannot be patched or the copy cannot be written.</exception>
    public static string Prepare(string original)
    {
        try
        {
            var image = File.ReadAllBytes(original);
            ElfVersionRequirement.MakeWeak(image);
            var name = Convert.ToHexStringLower(SHA256.HashData(image).AsSpan(0, 8));
            var directory = Directory.CreateDirectory(Path.Combine(CacheDirectory(), name)).FullName;
            var copy = Path.Combine(directory, Path.GetFileName(original));

            // Another process may be doing the same: whoever comes last replaces the file by an equal one, never by a part.
            if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(image))
            {
                var temporary = $"{copy}.{Environment.ProcessId}";
                File.WriteAllBytes(temporary, image);
                File.Move(temporary, copy, overwrite: true);
            }

            return copy;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            throw new DllNotFoundException(
                $"{original} asks for {ElfVersionRequirement.OptionalVersion}, which this system's libstdc++ lacks, and no adapted " +
                $"copy could be made ({error.Message}). Install a libstdc++ of GCC 13 or later, or set XDG_CACHE_HOME to a writable folder.",
                error);
        }
    }

    private static string CacheDirectory()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!string.IsNullOrEmpty(cache)) return Path.Combine(cache, "madrl");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0 ? Path.Combine(home, ".cache", "madrl") : Path.Combine(Path.GetTempPath(), "madrl");
    }
}
