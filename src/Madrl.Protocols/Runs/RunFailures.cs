namespace Madrl.Protocols.Runs;

/// <summary>What a run makes of an exception.</summary>
internal static class RunFailures
{
    /// <summary>
    /// The cause that going back to a checkpoint would not cure, if there is one: a disk, or numbers that became
    /// non-finite. Orleans wraps what a storage provider throws.
    /// </summary>
    public static Exception? Incurable(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is IOException or NotFiniteNumberException) return cause;
        }

        return null;
    }

    /// <summary>Native libraries put a stack trace into the message; a report is one line.</summary>
    public static string FirstLine(Exception error) => error.GetBaseException().Message.Split('\n')[0];
}
