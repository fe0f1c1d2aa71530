namespace Madrl.Hosting.Storage;

/// <summary>A file could not be read or written. The message is one line that names the file, the cause and the remedy.</summary>
/// <param name="message">The line.</param>
/// <param name="inner">What the system reported.</param>
public sealed class StorageException(string message, Exception? inner = null) : IOException(message, inner)
{
    // Errors keep the system's own number in HResult: errno on Unix, the Win32 code in the low half on Windows.
    private const int NoSpace = 28, QuotaExceeded = 122, WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>
    /// Whether <see cref="For"/> has words for this error. A write beyond the limit on a file's size (EFBIG) arrives as
    /// <see cref="ArgumentOutOfRangeException"/>.
    /// </summary>
    internal static bool Explains(Exception cause) =>
        cause is IOException and not StorageException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>Says in one line what went wrong with a file or a folder and what to do.</summary>
    internal static StorageException For(string path, Exception cause)
    {
        var reason = cause switch
        {
            UnauthorizedAccessException => "it is read-only; let this user write there, or choose another folder",
            ArgumentOutOfRangeException => "it would grow beyond the largest file allowed; raise the limit or change the disk",
            { HResult: NoSpace or QuotaExceeded or WindowsDiskFull } => "the disk is full; free some space and resume the run",
            _ => $"{OneLine(cause.Message)}; check the folder and the disk",
        };
        return new StorageException($"'{path}' cannot be read or written: {reason}.", cause);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
